"""The walk-through of docs/add-a-form.md, done as it says: its YAML reads a workbook, its SQL queries what landed."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
import yaml

from ingestion.archive import archived_path
from ingestion.forms import Forms, load_forms
from ingestion.landing import read_and_land
from ingestion.ledger import ReceivedFile
from ingestion.register import Area, Branch, Register

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "add-a-form.md").read_text(encoding="utf-8")
RECEIVED = datetime(2014, 7, 5, tzinfo=UTC)


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.S)
    assert len(found) == 1
    return str(found[0])


@pytest.fixture
def forms(tmp_path: Path) -> Forms:
    folder = tmp_path / "forms"
    shutil.copytree(PROJECT / "ingestion" / "forms", folder)
    (folder / "fitness_equipment.yml").write_text(block("yaml"), encoding="utf-8")
    return load_forms(folder)


@pytest.fixture
def register() -> Register:
    areas = [
        Area("2198", "示例市", "city", "21"),
        Area("219801", "云溪县", "county", "2198"),
        Area("219801100", "青石镇", "township", "219801"),
    ]
    branches = [
        Branch(f"21980110020{n}", name, "village", "219801100", "青石镇", date(2012, 1, 1), None)
        for n, name in enumerate(["李家村", "王家村"], 1)
    ]
    return Register(branches, areas, "literal")


def workbook() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("健身器材")
        rows = [
            ["青石镇2014年上半年村级健身器材统计表"],
            ["村名", "器材套数", "购置经费(元)", "器材状况"],
            ["李家村", 3, 12000, "完好"],
            ["王家村", 0, "", "破损"],
        ]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def test_form_of_the_walk_through_is_read_landed_and_queried(tmp_path: Path, forms: Forms, register: Register) -> None:
    content = workbook()
    file = ReceivedFile(
        sha256="a" * 64,
        file_name="云溪县/青石镇/健身器材2014年上半年.xlsx",
        suffix=".xlsx",
        size_bytes=len(content),
        modified_at=RECEIVED,
        received_at=RECEIVED,
        run_id="20140705T000000Z",
    )
    path = archived_path(tmp_path / "archive", file.sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    lake = tmp_path / "lake"

    landed = read_and_land([file], tmp_path / "archive", lake, forms, register, read_at=RECEIVED)

    assert (landed.rows, landed.quarantined_rows, dict(landed.findings)) == (2, 0, {})
    assert run_staging_model(tmp_path, lake) == [
        ("李家村", "2014-H1", 3, "reported", 12000, "reported", "sound", "reported"),
        ("王家村", "2014-H1", 0, "zero", None, "nil", "broken", "reported"),
    ]


def run_staging_model(folder: Path, lake: Path) -> list[tuple[object, ...]]:
    """Put the page's model into a copy of the dbt project, run it and read what it made."""
    project = folder / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    staging = project / "models" / "staging"
    (staging / "returns" / "stg_returns__fitness_equipment.sql").write_text(block("sql"), encoding="utf-8")
    sources = yaml.safe_load((staging / "_sources.yml").read_text(encoding="utf-8"))
    returns = next(source for source in sources["sources"] if source["name"] == "returns")
    returns["tables"].append({"name": "fitness_equipment"})
    (staging / "_sources.yml").write_text(yaml.safe_dump(sources, allow_unicode=True), encoding="utf-8")
    database = folder / "build.duckdb"
    command = [
        *(str(Path(sys.executable).with_name("dbt")), "run", "--quiet"),
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--select", "stg_lake__files", "stg_returns__fitness_equipment"),
    ]
    environment = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "JICENG_BUILD_DATABASE": str(database),
        "JICENG_LAKE": str(lake),
        "JICENG_REGISTER": str(folder / "register"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            """
            select branch_name, period, sets, sets_state, spend_yuan, spend_state, condition, condition_state
            from staging.stg_returns__fitness_equipment
            order by branch_name
            """
        ).fetchall()
