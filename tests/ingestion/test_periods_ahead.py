"""A period that had not begun when the file came is a slip: no mart would show it, so it waits in quarantine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest

from ingestion.forms import Forms
from ingestion.moments import day_in_china
from ingestion.reading import read_workbook
from ingestion.records import Reading, Source
from ingestion.register import Register

Read = Callable[..., Reading]
HEADER = ("村名", "财政转移支付", "党建工作经费", "其他补助")
ROWS: Sequence[Sequence[object]] = [("李家村", 1.5, 0.5, 0), ("王家村", 1.2, 0.4, 0), ("张家村", 1.1, 0.3, 0)]


@pytest.fixture
def read(xlsx: Callable[..., bytes], forms: Forms, register: Register) -> Read:
    def reading(rows: Sequence[Sequence[object]], received_on: date | None) -> Reading:
        source = Source("云溪县/青石镇/报表.xlsx", received_on=received_on)
        return read_workbook(xlsx(("Sheet1", rows)), source, forms, register)

    return reading


def funding(period: str) -> Sequence[Sequence[object]]:
    return [[f"青石镇{period}村级组织运转经费统计表"], ["填报单位：青石镇", "", "单位：万元"], HEADER, *ROWS]


def account(reading: Reading) -> list[tuple[str, int, str]]:
    return [(table.period.name if table.period else "", table.rows, table.outcome) for table in reading.tables]


def test_period_that_had_not_begun_is_told_at_its_title_and_kept_back(read: Read) -> None:
    reading = read(funding("2031年第一季度"), date(2014, 4, 3))
    assert [
        (f.code, f.severity, f.cell, f.period, f.original, f.text_zh(), f.text_en(), f.remedy_zh(), f.remedy_en())
        for f in reading.findings
    ] == [
        (
            "period_not_begun",
            "error",
            "A1",
            "2031-Q1",
            "青石镇2031年第一季度村级组织运转经费统计表",
            "报告期 2031-Q1 在收到文件时（2014-04-03）尚未开始，是否笔误；没有入库，进入待处理区",
            (
                "The period 2031-Q1 had not begun when the file came (2014-04-03), perhaps a slip; "
                "not landed, in quarantine"
            ),
            "请改正年份或月份后重新报送；若是提前报送，请待报告期结束后重新保存再报送",
            (
                "Correct the year or month and send it again; "
                "if it was sent early, save it anew once the period is over and send it then"
            ),
        )
    ]
    assert account(reading) == [("2031-Q1", 0, "quarantined")]
    assert [(row.row_number, row.period, row.branch_name, row.code) for row in reading.quarantine] == [
        (4, "2031-Q1", "李家村", "period_not_begun"),
        (5, "2031-Q1", "王家村", "period_not_begun"),
        (6, "2031-Q1", "张家村", "period_not_begun"),
    ]


@pytest.mark.parametrize(
    ("period", "received_on"),
    [
        pytest.param("2014年第一季度", date(2014, 3, 29), id="some days early"),
        pytest.param("2014年第一季度", date(2014, 1, 1), id="on its first day"),
        pytest.param("2014年1-3月", date(2014, 2, 20), id="cumulative"),
        pytest.param("2014年第一季度", date(2020, 1, 1), id="long ago"),
        pytest.param("2031年第一季度", None, id="nobody knows the day"),
    ],
)
def test_period_that_runs_or_is_over_is_landed(read: Read, period: str, received_on: date | None) -> None:
    reading = read(funding(period), received_on)
    assert reading.findings == []
    assert [(rows, outcome) for _, rows, outcome in account(reading)] == [(3, "landed")]


def test_row_whose_period_had_not_begun_is_kept_back_alone(read: Read) -> None:
    rows = [["村级组织运转经费统计表（万元）"], ("村名", "报告期", *HEADER[1:])]
    for (name, *figures), period in zip(ROWS, ("2014年第一季度", "2041年第一季度", "2014年第一季度"), strict=True):
        rows.append((name, period, *figures))
    reading = read(rows, date(2014, 4, 3))
    ahead = [(f.code, f.cell, f.original, f.branch_name) for f in reading.findings if f.code != "branch_missing"]
    assert ahead == [("period_not_begun", "B4", "2041年第一季度", "王家村")]
    assert account(reading) == [("2014-Q1", 2, "landed")]
    assert [(row.row_number, row.code) for row in reading.quarantine] == [(4, "period_not_begun")]


def test_the_day_of_receipt_is_the_day_in_china() -> None:
    assert day_in_china(datetime(2014, 3, 31, 17, tzinfo=UTC)) == date(2014, 4, 1)
