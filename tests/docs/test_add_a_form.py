"""The walk-through of docs/add-a-form.md, done as it says in a copy of the project: a night over the invented form."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "add-a-form.md").read_text(encoding="utf-8")
ROOMS = ("dbt_project", "delivery", "expectations", "ingestion", "jiceng", "warehouse")
VILLAGES = {"219801100201": "李家村", "219801100202": "王家村", "219801100203": "赵家村"}


def named_files() -> dict[str, str]:
    """The files that the page has one write: the path it names, and the block that follows."""
    found = re.findall(r"^`([\w/]+\.(?:yml|sql))`[^`\n]*\n\n```(?:yaml|sql)\n(.*?)```", PAGE, flags=re.S | re.M)
    return dict(found)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the page's files and nothing else, after one night."""
    folder = tmp_path_factory.mktemp("copy")
    left_out = shutil.ignore_patterns("__pycache__", "target", "logs")
    for room in ROOMS:
        shutil.copytree(PROJECT / room, folder / room, ignore=left_out)
    for path, content in named_files().items():
        assert not (folder / path).exists()
        (folder / path).write_text(content, encoding="utf-8")
    write_register(folder / "data" / "inbox" / "云溪县" / "党组织名册.xlsx")
    write_return(folder / "data" / "inbox" / "云溪县" / "青石镇" / "健身器材2014年上半年.xlsx")
    done = run(folder, "run")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The copy's own command: its rooms come before those that are installed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JICENG_", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", "jiceng.cli", *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(folder), "JICENG_QUIET_SECONDS": "0", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def write_register(path: Path) -> None:
    header = ["统一代码", "名称", "类别", "市", "县(市)区", "乡镇", "乡镇代码", "启用日期"]
    places = ["村", "示例市", "云溪县", "青石镇", "219801100", "2012年1月1日"]
    write(path, "党组织名册", ["云溪县党组织名册"], header, *([code, name, *places] for code, name in VILLAGES.items()))


def write_return(path: Path) -> None:
    """王家村 has no equipment and spent nothing, 赵家村 spent on none."""
    write(
        path,
        "健身器材",
        ["青石镇2014年上半年村级健身器材统计表"],
        ["村名", "器材套数", "购置经费(元)", "器材状况"],
        ["李家村", 3, 12000, "完好"],
        ["王家村", 0, "", "破损"],
        ["赵家村", 0, 500, "破损"],
    )


def write(path: Path, sheet_name: str, *rows: list[str | int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(sheet_name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def test_page_names_a_spec_a_staging_model_and_a_suite_and_no_python() -> None:
    assert list(named_files()) == [
        "ingestion/forms/fitness_equipment.yml",
        "dbt_project/models/staging/returns/stg_returns__fitness_equipment.sql",
        "dbt_project/models/staging/returns/stg_returns__fitness_equipment.yml",
        "expectations/suites/fitness_equipment.yml",
    ]


def test_new_form_is_read_and_stands_in_the_warehouse(copy: Path) -> None:
    with duckdb.connect(copy / "data" / "build" / "jiceng.duckdb", read_only=True) as build:
        rows = build.execute(
            "select branch_name, period, sets, sets_state, spend_yuan, spend_state, condition, condition_state"
            " from staging.stg_returns__fitness_equipment order by branch_code"
        ).fetchall()
    assert rows == [
        ("李家村", "2014-H1", 3, "reported", 12000, "reported", "sound", "reported"),
        ("王家村", "2014-H1", 0, "zero", None, "nil", "broken", "reported"),
        ("赵家村", "2014-H1", 0, "zero", 500, "reported", "broken", "reported"),
    ]


def test_new_form_is_expected_and_its_reporting_rate_known(copy: Path) -> None:
    done = run(
        copy,
        *("query", "--json"),
        "select reporting_unit_name, form_zh, period, status, branches_expected, branches_reported, cells_known,"
        " cells_expected from reporting_rate where form = 'fitness_equipment'",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        {
            "reporting_unit_name": "青石镇",
            "form_zh": "村级健身器材",
            "period": "2014-H1",
            "status": "complete",
            "branches_expected": 3,
            "branches_reported": 3,
            "cells_known": 9,
            "cells_expected": 9,
        }
    ]


def test_checks_judge_the_new_form_and_name_the_cell(copy: Path) -> None:
    with duckdb.connect(copy / "data" / "published" / "marts_current.duckdb", read_only=True) as published:
        failures = published.execute(
            "select check_id, branch_name, sheet_name, cell, text_zh from check_failure"
            " where form = 'fitness_equipment'"
        ).fetchall()
        broken = published.execute("select check_id from check_result where status = 'error'").fetchall()
        quality = published.execute(
            "select failures_warning, findings from quality_scorecard where form = 'fitness_equipment'"
        ).fetchall()
    assert failures == [
        ("equipment_spend_without_sets", "赵家村", "健身器材", "C5", "器材 0 套，购置经费 0.05万元"),
    ]
    assert (broken, quality) == ([], [(1, 0)])
