"""Returns that a county sends itself: about the county, or a row for each of its townships."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.records import Reading

ReadRows = Callable[..., Reading]

TITLE = "云溪县2014年1-6月干部培训情况统计表"
HEADER = ("单位", "培训班次", "培训书记", "培训党员干部")
COUNTY_FILE = "云溪县/云溪县培训情况.xlsx"


def landed(reading: Reading) -> list[tuple[str | None, str | None, list[str | None], list[object]]]:
    """Reporting unit, period, areas and sessions of every part."""
    return [
        (r.reporting_unit_code, r.period.name if r.period else None, r.branch_codes, r.values["sessions"])
        for r in reading.records
    ]


@pytest.mark.parametrize(
    "above", [[], [["填报单位：云溪县委组织部"]], [["填报单位：云溪县"]]], ids=["folder", "office", "county"]
)
def test_county_reports_about_itself(read_rows: ReadRows, above: list[list[str]]) -> None:
    reading = read_rows([[TITLE], *above, HEADER, ("云溪县", 4, 30, 90)], file_name=COUNTY_FILE, sheet="培训")
    assert reading.findings == []
    assert landed(reading) == [("219801", "2014-Q2", ["219801"], [4])]


def test_county_reports_a_row_for_every_township(read_rows: ReadRows) -> None:
    rows = [[TITLE], HEADER, ("青石镇", 3, 20, 60), ("白水乡", 1, 10, 30), ("合计", 4, 30, 90)]
    reading = read_rows(rows, file_name=COUNTY_FILE, sheet="培训")
    assert reading.findings == []
    assert landed(reading) == [("219801", "2014-Q2", ["219801100", "219801200"], [3, 1])]


def test_row_about_none_of_its_areas_waits_in_quarantine(read_rows: ReadRows) -> None:
    rows = [[TITLE], HEADER, ("青石镇", 3, 20, 60), ("开发区管委会", 1, 10, 30)]
    reading = read_rows(rows, file_name=COUNTY_FILE, sheet="培训")
    assert [(f.code, f.cell, f.details["nearest"]) for f in reading.findings] == [("branch_unknown", "A4", "云溪县")]
    assert landed(reading) == [("219801", "2014-Q2", ["219801100"], [3])]
    assert [(row.row_number, row.code) for row in reading.quarantine] == [(4, "branch_unknown")]


def test_area_that_stands_twice_with_other_figures_is_not_landed(read_rows: ReadRows) -> None:
    rows = [[TITLE], HEADER, ("云溪县", 3, 20, 60), ("云溪县", 4, 20, 60)]
    reading = read_rows(rows, file_name=COUNTY_FILE, sheet="培训")
    assert [(f.code, f.cell) for f in reading.findings] == [("branch_duplicate", "A3"), ("branch_duplicate", "A4")]


@pytest.mark.parametrize(
    ("file_name", "above"),
    [("云溪县/青石镇/培训.xlsx", []), ("云溪县/培训.xlsx", [["填报单位：青石镇人民政府"]])],
    ids=["folder", "填报单位"],
)
def test_township_cannot_send_what_is_the_county_s(read_rows: ReadRows, file_name: str, above: list[list[str]]) -> None:
    rows = [["2014年1-6月干部培训情况统计表"], *above, HEADER, ("青石镇", 4, 30, 90)]
    reading = read_rows(rows, file_name=file_name, sheet="培训")
    assert [(f.code, f.text_zh()) for f in reading.findings] == [
        ("reporter_unknown", "无法确定填报单位（此表由县级填报，这里写的是青石镇），本表进入待处理区")
    ]
    assert (reading.records, len(reading.quarantine)) == ([], 1)
