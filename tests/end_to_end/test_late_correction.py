"""A quarter is closed and a correction comes late: what was known then, what is known now, and what was revised."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.closings import Closings
from ingestion.lake import write_table
from ingestion.ledger import Ledger
from ingestion.ledger_records import NightState
from jiceng.closing import ClosingError, close
from samples.city import SampleWriter
from samples.writing import write_workbook
from tests.end_to_end.conftest import MONTHS, House
from warehouse.closed import write_closings

QUARTER = "2013-Q2"
SENT = datetime(2013, 7, 5, 1, tzinfo=UTC)
OFFICE = "市委组织部"


@dataclass(frozen=True)
class Correction:
    """What a correction changes: one village's debt, ten 万元 more than it was, and another's pay, left blank."""

    inbox: Path
    file_name: str
    township_code: str
    changed: str
    changed_cell: str
    blanked: str
    blanked_cell: str


@pytest.fixture(scope="module")
def correction(tmp_path_factory: pytest.TempPathFactory) -> Correction:
    """The funding sheet of the first township's return for June, sent again."""
    inbox = tmp_path_factory.mktemp("correction") / "inbox"
    sample = SampleWriter(2014)
    township = sample.truth.places.townships[0]
    month = next(sample.jobs())[1] + MONTHS - 1
    for workbook in sample.workbooks(township, month):
        for sheet in workbook.sheets:
            for table in sheet.tables:
                if table.form == "operating_funding":
                    changed, blanked = list(table.rows)[:2]
                    row, column = sheet.place(table, changed, "debt_balance")
                    before = sheet.get(row, column)
                    assert isinstance(before, int | float)
                    sheet.put(row, column, before + (10 if table.wan else 100_000))
                    sheet.put(*sheet.place(table, blanked, "staff_pay"), None)
                    path = Path(workbook.path)
                    workbook.path = str(path.with_stem(f"{path.stem}运转经费（更正）"))
                    workbook.sheets = [sheet]
                    write_workbook(workbook, inbox)
                    cells = [sheet.address(table, changed, "debt_balance"), sheet.address(table, blanked, "staff_pay")]
                    return Correction(inbox, workbook.path, township.code, changed, cells[0], blanked, cells[1])
    raise AssertionError("the township sends no operating funding in June")


@pytest.fixture
def house_of_july(finished: House, tmp_path: Path) -> House:
    """A copy of a house after its first night, whose files all came on 5 July 2013."""
    house = House(tmp_path / "data")
    shutil.copytree(finished.data, house.data, symlinks=True)
    for path in [path for path in house.settings.lake.rglob("*.parquet") if path.name != "_schema.parquet"]:
        table = pq.ParquetFile(path).read()
        if "received_at" in table.schema.names and table.num_rows:
            place = table.schema.get_field_index("received_at")
            sent = pa.array([SENT] * table.num_rows, table.schema.field(place).type)
            write_table(path, table.set_column(place, table.schema.field(place), sent))
    return house


def answer(house: House, *arguments: str) -> Any:
    done = house.jiceng("query", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_late_correction_is_shown_as_then_known_as_now_known_and_as_a_revision(
    house_of_july: House, correction: Correction
) -> None:
    house = house_of_july
    debt = (
        f"select cast(debt_balance_yuan as bigint) as debt from funding_standard_gap "
        f"where branch_code = '{correction.changed}' and period = '{QUARTER}'"
    )
    (then,) = answer(house, debt)
    closed = house.jiceng("close", QUARTER, "--by", OFFICE)
    assert closed.returncode == 0, closed.stderr
    frozen = house.settings.published / "closed" / QUARTER / house.serving.name
    frozen_bytes = frozen.read_bytes()
    house.put(correction.inbox)
    night = house.jiceng("run", JICENG_KEEP_SNAPSHOTS="1")
    assert night.returncode == 0, night.stderr

    # As it was closed, and as it was known on a day before the correction came.
    assert answer(house, "--closed", QUARTER, debt) == [then]
    assert answer(house, "--closed", "2013-05", debt) == [then]  # closed with it
    assert frozen.read_bytes() == frozen_bytes
    earlier = house.jiceng("run", "--as-of", "2013-07-10")
    assert earlier.returncode == 0, earlier.stderr
    assert answer(house, "--as-of", "2013-07-10", debt) == [then]
    none_then = answer(house, "--as-of", "2013-07-10", "select count(*) as n from return_revision")
    assert none_then == [{"n": 0}]

    # As it is known now.
    assert answer(house, debt) == [{"debt": then["debt"] + 100_000}]

    # What was revised: both values, where each stood, and what it moved.
    (moved, withdrawn) = answer(
        house,
        "select branch_code, field, new_state, is_withdrawn, is_after_closing, file_name, cell, old_cell is not null "
        "as has_old_cell, cast(amount_moved as bigint) as moved, township_code, cast(township_total_after "
        "- township_total_before as bigint) as township, cast(county_total_after - county_total_before as bigint) "
        "as county, cast(old_value as double) as old, days_after_deadline > 4000 as is_late, days_after_closing "
        "from return_revision order by field",
    )
    shown = {"is_after_closing": True, "has_old_cell": True, "is_late": True, "days_after_closing": 0}
    shown |= {"file_name": correction.file_name, "township_code": correction.township_code}
    assert moved == {
        **shown,
        "branch_code": correction.changed,
        "field": "debt_balance",
        "cell": correction.changed_cell,
        "new_state": "reported",
        "is_withdrawn": False,
        "old": then["debt"],
        **dict.fromkeys(("moved", "township", "county"), 100_000),
    }
    assert withdrawn == {
        **shown,
        "branch_code": correction.blanked,
        "field": "staff_pay",
        "cell": correction.blanked_cell,
        "new_state": "missing",
        "is_withdrawn": True,
        "old": withdrawn["old"],
        **dict.fromkeys(("moved", "township", "county"), -int(withdrawn["old"])),
    }
    (warned,) = answer(
        house, "select branch_code, cell from check_failure where check_id = 'revision_withdraws_a_value'"
    )
    assert warned == {"branch_code": correction.blanked, "cell": correction.blanked_cell}

    # The closed figure stays beside the one known now.
    assert answer(
        house,
        "select area_code, cast(value_now - value_as_closed as integer) as moved, closed_by from scorecard_as_closed "
        "where is_changed and indicator = 'village_debt' and level in ('township', 'county') order by level",
    ) == [
        {"area_code": correction.township_code[:6], "moved": 10, "closed_by": OFFICE},
        {"area_code": correction.township_code, "moved": 10, "closed_by": OFFICE},
    ]


def test_closing_is_refused_where_it_would_not_be_true(finished: House, tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    shutil.copytree(finished.data, house.data, symlinks=True)
    settings = house.settings
    in_july = datetime(2013, 7, 3, tzinfo=UTC)
    for period, by, now, said in (
        ("二季度", OFFICE, in_july, "看不懂报告期"),
        (QUARTER, " ", in_july, "哪个部门"),
        (QUARTER, "13812345678", in_july, "哪个部门"),
        ("2013-Q3", OFFICE, in_july, "2013-09-30 才结束"),
        (QUARTER, OFFICE, in_july, "才截止"),
        ("2012-Q2", OFFICE, in_july, "没有任何指标有数"),
    ):
        with pytest.raises(ClosingError, match=said):
            close(settings, period, by=by, now=now)
    with Closings.open(settings.ledger_url) as closings:
        assert closings.all() == ()

    as_published = house.serving.read_bytes()
    house.serving.chmod(0o640)
    with duckdb.connect(house.serving) as version:
        version.execute("update funding_standard_gap set debt_balance_yuan = 0")
    with pytest.raises(ClosingError, match="在发布之后被改动过"):
        close(settings, QUARTER, by=OFFICE)
    assert "已发布的版本在发布后被改动" in house.jiceng("audit").stdout
    house.serving.write_bytes(as_published)
    assert house.jiceng("audit").returncode == 0

    closed = close(settings, QUARTER, by=OFFICE)
    assert closed.covers == (QUARTER, "2013-04", "2013-05", "2013-06")
    for period in (QUARTER, "2013-05"):
        with pytest.raises(ClosingError, match=f"由{OFFICE}关账（{QUARTER}）"):
            close(settings, period, by=OFFICE)
    half = close(settings, "2013-H1", by=OFFICE)
    assert half.covers == ("2013-H1", "2013-Q1", "2013-01", "2013-02", "2013-03")

    assert "说明为什么重开" in house.jiceng("reopen", QUARTER, "--by", OFFICE).stderr
    assert f"请重开 {QUARTER}" in house.jiceng("reopen", "2013-05", "--by", OFFICE, "--because", "漏报").stderr
    again = house.jiceng("reopen", QUARTER, "--by", OFFICE, "--because", "漏报三个村")
    assert (again.returncode, "漏报三个村" in again.stdout) == (0, True)
    assert "没有关账" in house.jiceng("query", "--closed", QUARTER, "select 1").stderr
    assert (settings.published / "closed" / QUARTER / closed.snapshot).is_file()
    anew = close(settings, QUARTER, by=OFFICE, now=datetime.now(UTC) + timedelta(seconds=1))
    with Closings.open(settings.ledger_url) as closings:
        first, second, third = closings.all()
    assert (first.holds, first.reopened_because, second, third) == (False, "漏报三个村", half, anew)


def test_closing_is_refused_where_the_last_night_serves_nothing(finished: House, tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    shutil.copytree(finished.data, house.data, symlinks=True)
    moment = datetime.now(UTC)
    with Ledger.open(house.settings.ledger_url) as ledger:
        ledger.begin_night("later", moment)
        ledger.note_facts("later", {"error": "night_cells_mostly_missing"})
        ledger.end_night("later", moment, NightState.BLOCKED, failed_task="check")
        with pytest.raises(ClosingError, match=r"严重检核未通过[\s\S]*night_cells_mostly_missing"):
            close(house.settings, QUARTER, by=OFFICE)
        ledger.end_night("later", moment, NightState.FAILED, failed_task="build")
        with pytest.raises(ClosingError, match="不是最近一晚"):
            close(house.settings, QUARTER, by=OFFICE)
    (house.settings.published / "marts_current.duckdb").unlink()
    with pytest.raises(ClosingError, match="还没有发布过"):
        close(house.settings, QUARTER, by=OFFICE)


def test_lost_lake_gets_its_closed_figures_back(finished: House, tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    shutil.copytree(finished.data, house.data, symlinks=True)
    settings = house.settings
    close(settings, QUARTER, by=OFFICE)
    folders = [settings.lake / name for name in ("closed_periods", "closed_scorecard")]
    before = {path: path.read_bytes() for folder in folders for path in folder.iterdir()}
    assert len(before) == 4
    for folder in folders:
        shutil.rmtree(folder)
    with Closings.open(settings.ledger_url) as closings:
        write_closings(settings.lake, settings.published, closings.all())
    assert {path: path.read_bytes() for folder in folders for path in folder.iterdir()} == before
