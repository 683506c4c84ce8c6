"""Building from a literal lake with the project's own models: dbt runs for real, as at night."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.build import build, manifest_path
from warehouse.build_reading import connect_build
from warehouse.build_results import BuildResult
from warehouse.data_tests import warned


def run(place: Any, project: Path, *, as_of: date | None = None, retry: bool = False) -> BuildResult:
    return build(project, place.lake, place.register, place.database, as_of=as_of, retry=retry, log=place.log)


def query(place: Any, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(place.database, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def everything(place: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table and view that dbt made."""
    names = query(
        place,
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name <> 'quality'"
        " union all select schema_name || '.' || view_name from duckdb_views() where not internal order by all",
    )
    return {name: query(place, f"select * from {name} order by all") for (name,) in names}


FUNDING = (
    "select branch_name, status, fiscal_transfer_yuan, fiscal_transfer_state, has_return "
    "from marts.funding_standard_gap order by branch_code"
)
AS_KNOWN_NOW = [
    ("李家村", "met", 72500, "reported", True),
    ("王家村", "met", 80000, "reported", True),
    ("赵家村", "no_data", None, "missing", False),
]


def test_marts_hold_what_the_lake_says(built: tuple[Any, BuildResult]) -> None:
    """A correction replaces one row, and a village of a township that sent nothing stands there all the same."""
    place, result = built
    assert query(place, FUNDING) == AS_KNOWN_NOW
    assert query(
        place,
        "select level, numerator, denominator, value, branches_reported, branches_expected, round(value_low), "
        "value_high from marts.area_scorecard where indicator = 'funding_standard_met_share' and area_code = '219801'",
    ) == [("county", 2, 2, 100, 2, 3, 67, 100)]
    assert query(place, "select file_name, cell, reporting_unit_name from marts.finding") == [
        ("b2.xlsx", "C5", "青石镇")
    ]
    tables = everything(place)
    assert {name.split(".")[0] for name in tables} == {"reference", "staging", "intermediate", "marts"}
    assert result.models == len([name for name in tables if not name.startswith("reference.")])
    assert result.tests > 40
    assert (result.retried, result.warnings, [node for node in result.nodes if node.failed]) == (False, (), [])
    assert result.manifest == manifest_path(place.database)


def test_building_again_changes_nothing(built: tuple[Any, BuildResult], place: Any, dbt_project: Path) -> None:
    shutil.copy(built[0].database, place.database)
    run(place, dbt_project)
    assert everything(place) == everything(built[0])


def test_as_of_builds_what_was_known_on_that_day(place: Any, dbt_project: Path) -> None:
    run(place, dbt_project, as_of=date(2014, 2, 1))
    assert query(place, FUNDING) == [("李家村", "below", 60000, "reported", True), *AS_KNOWN_NOW[1:]]
    assert query(place, "select file_name from marts.finding") == [("b1.xlsx",)]


def test_empty_lake_in_a_folder_of_any_name_builds_empty_marts(tmp_path: Path, dbt_project: Path, place: Any) -> None:
    """What a file name may hold: quotes, braces, brackets, blanks, Chinese."""
    empty = type(place)(tmp_path / "数据 [1] 'a' {b}")
    run(empty, dbt_project)
    tables = everything(empty)
    seeded = [name for name, rows in tables.items() if rows and not name.startswith("reference.")]
    assert seeded == [
        "intermediate.int_expected_reporters",
        "intermediate.int_funding_bands",
        "staging.stg_lake__form_fields",
        "staging.stg_lake__form_reporters",
        "staging.stg_lake__forms",
    ]


def test_return_that_no_mart_takes_up_is_a_warning(place: Any, dbt_project: Path) -> None:
    """A village that the register does not know: the night goes on, and the result says so."""
    place.land(
        "b3",
        datetime(2014, 3, 6, tzinfo=UTC),
        [{"branch_code": "219801100299", "branch_name": "无名村", "fiscal_transfer_yuan": 1}],
        period="2013-Q4",
        period_end=date(2013, 12, 31),
    )
    result = run(place, dbt_project)
    assert [(node.name, node.status, node.rows) for node in result.warnings] == [
        ("return_of_a_branch_that_need_not_report", "warn", 1)
    ]
    (found,) = warned(result)
    assert (found.name, found.rows) == ("return_of_a_branch_that_need_not_report", 1)
    with connect_build(place.database) as reader:
        assert reader.execute(found.query).fetchall() == [
            ("operating_funding", "2013-Q4", "219801100", "219801100299", "b3.xlsx")
        ]
    assert query(place, FUNDING) == AS_KNOWN_NOW


BUILD = """
import sys
from pathlib import Path
from warehouse.build import build
project, folder = Path(sys.argv[1]), Path(sys.argv[2])
build(project, folder / "lake", folder / "register", folder / "build" / "jiceng.duckdb", as_of=None, retry=False,
      log=folder / "logs")
"""


def test_killed_build_leaves_nobody_behind_and_the_next_one_is_whole(
    built: tuple[Any, BuildResult], place: Any, dbt_project: Path
) -> None:
    """Killed while models are being made: dbt ends with its parent, and a retry builds the same tables anew."""
    log = place.log / "dbt.log"
    process = subprocess.Popen([sys.executable, "-c", BUILD, str(dbt_project), str(place.folder)])
    deadline = time.monotonic() + 120
    while "OK created sql table model staging.stg_returns__venue" not in (log.read_text() if log.exists() else ""):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)  # the parent alone, as when memory runs out
    process.wait()
    result = run(place, dbt_project, retry=True)
    assert not result.retried
    assert log.read_text().count("Finished running") == 1
    assert everything(place) == everything(built[0])
