"""Every block of code in docs/connect-bi.md runs against a real snapshot and prints what the page says it does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from expectations.results import CheckResult, Failure
from warehouse.snapshot import publish

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "connect-bi.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|sh)\n(.*?)^```\n+```text\n(.*?)^```", PAGE, flags=re.M | re.S)
COMMANDS = Path(sys.executable).parent

VILLAGE = {
    "branch_kind": "village",
    "county_name": "青山县",
    "township_name": "柳河镇",
    "period": "2014-Q4",
    "year": 2014,
    "is_full_year": True,
}
VILLAGES = [
    {**VILLAGE, "branch_name": "石桥村", "status": "met", "fiscal_transfer_wan": 9.7, "gap_wan": 0},
    {**VILLAGE, "branch_name": "柳河村", "status": "below", "fiscal_transfer_wan": 7.5, "gap_wan": 2.15},
    {**VILLAGE, "branch_name": "青山村", "status": "no_data"},
    {
        **VILLAGE,
        "branch_name": "石桥村",
        "status": "on_track",
        "period": "2014-Q3",
        "is_full_year": False,
        "county_name": None,
    },
    {**VILLAGE, "branch_name": "李家村", "status": "met", "fiscal_transfer_wan": 9.8, "gap_wan": 0},
    {**VILLAGE, "branch_name": "柳河村", "status": "below", "period": "2014-Q2", "is_full_year": False},
    {**VILLAGE, "branch_name": "柳河村", "status": "below", "period": "2013-Q4", "year": 2013},
    {**VILLAGE, "branch_name": "青山村", "status": "met", "period": "2013-Q4", "year": 2013},
]


def described(*folder: str) -> list[dict[str, Any]]:
    """Models or seeds as dbt_project describes them, in the shape of its manifest."""
    files = sorted(PROJECT.joinpath("dbt_project", *folder).glob("*.yml"))
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    return [
        {**node, "resource_type": kind.rstrip("s"), "columns": {column["name"]: column for column in node["columns"]}}
        for page in found
        for kind in ("models", "seeds")
        for node in page.get(kind, [])
    ]


def data_tests_of(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Their tests with arguments, in the same shape: labels of codes come from them."""
    return [
        {
            "name": facts["name"],
            "resource_type": "test",
            "attached_node": f"model.jiceng.{model['name']}",
            "test_metadata": {"name": test, "kwargs": facts},
            "columns": {},
        }
        for model in models
        for entry in model.get("data_tests", [])
        for test, facts in entry.items()
    ]


MARTS = described("models", "marts")
SEEDS = described("seeds")
STAGING = [*described("models", "staging", "register"), *described("models", "staging", "lake")]
CODES = PROJECT / "dbt_project" / "seeds" / "codes.csv"
CHECKS = {"check_result": CheckResult, "check_failure": Failure}


def create(build: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    build.execute(f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the project's after a night: the real marts, with few rows."""
    folder = tmp_path_factory.mktemp("project")
    manifest = folder / "manifest.json"
    nodes = {node["name"]: node for node in (*MARTS, *data_tests_of(MARTS), *SEEDS)}
    manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    with duckdb.connect(folder / "build.duckdb") as build:
        build.execute("begin")
        for schema in ("marts", "reference", "staging", "quality"):
            build.execute(f"create schema {schema}")
        for mart in MARTS:
            create(
                build, f"marts.{mart['name']}", {name: column["data_type"] for name, column in mart["columns"].items()}
            )
        for schema, nodes in (("reference", SEEDS), ("staging", STAGING)):
            for node in nodes:
                create(build, f"{schema}.{node['name']}", dict.fromkeys(node["columns"], "varchar"))
        build.execute("insert into reference.codes select * from read_csv(?, all_varchar = true)", [str(CODES)])
        for table, row in CHECKS.items():
            create(build, f"quality.{table}", dict.fromkeys((field.name for field in fields(row)), "varchar"))
        for row in VILLAGES:
            build.execute(
                f"insert into marts.funding_standard_gap ({', '.join(row)}) values ({', '.join('?' * len(row))})",
                list(row.values()),
            )
        build.execute("commit")
    publish(
        folder / "build.duckdb", folder / "data" / "published", run_id="20150101T170000Z", manifest=manifest,
        published_at=datetime(2015, 1, 1, 17, 6, tzinfo=UTC),
    )  # fmt: skip
    return folder


def test_page_has_its_blocks() -> None:
    assert [kind for kind, _, _ in BLOCKS] == ["python", "python", "sh", "python", "python", "python"]


@pytest.mark.parametrize(("kind", "code", "printed"), BLOCKS, ids=[f"block {n}" for n in range(1, len(BLOCKS) + 1)])
def test_code_prints_what_the_page_says(project: Path, kind: str, code: str, printed: str) -> None:
    command = [sys.executable, "-c", code] if kind == "python" else ["bash", "-euc", code]
    environment = {**os.environ, "PATH": f"{COMMANDS}{os.pathsep}{os.environ['PATH']}", "TZ": "America/New_York"}
    run = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, printed), run.stderr


def test_page_names_every_mart_with_its_chinese_view(project: Path) -> None:
    rows = re.findall(
        r"^\| ((?:`[a-z_]+` ?)+)\| ([^|]+) \|", PAGE.partition("| 表 table")[2].partition("\n\n")[0], flags=re.M
    )
    named = {
        table: view
        for tables, views in rows
        for table, view in zip(re.findall(r"`([a-z_]+)`", tables), views.split("、"), strict=True)
    }
    with duckdb.connect(project / "data" / "published" / "marts_current.duckdb", read_only=True) as reader:
        views = dict(
            reader.execute("select comment, view_name from duckdb_views() where schema_name = '中文'").fetchall()
        )
    assert named == {table: view for table, view in views.items() if table not in {seed["name"] for seed in SEEDS}}


def test_every_published_column_has_a_chinese_heading_of_its_own(project: Path) -> None:
    with duckdb.connect(project / "data" / "published" / "marts_current.duckdb", read_only=True) as reader:
        headings = reader.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = '中文'"
        ).fetchall()
    assert len(headings) > 400
    assert [(view, heading) for view, heading in headings if not re.search(r"[\u4e00-\u9fff]", heading)] == []
    assert [(view, heading) for view, heading in headings if "[" in heading] == []  # two columns labelled alike


def test_tools_cannot_write(project: Path) -> None:
    code = re.sub(r"select county_name[^\"]*", "delete from finding", BLOCKS[3][1])
    assert "delete from finding" in code
    run = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
    assert run.returncode == 1
    assert "read-only mode" in run.stderr
