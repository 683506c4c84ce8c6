"""For which period a return is; where that is not clear, or contradictory, it waits in quarantine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.records import Reading
from tests.ingestion.team_return import HEADER, TEAM, Rows, decided, team

ReadRows = Callable[..., Reading]


@pytest.mark.parametrize(
    ("title", "sheet", "file_name", "period"),
    [
        ("青石镇2014年3月领导班子配备统计表", "Sheet1", "报表.xlsx", "2014-03"),
        ("青石镇领导班子配备统计表", "班子2014年3月", "报表.xlsx", "2014-03"),
        ("青石镇领导班子配备统计表", "班子", "2014.03报表.xlsx", "2014-03"),
        ("青石镇领导班子配备统计表", "3月", "2014年报表.xlsx", "2014-03"),
        ("青石镇2014年领导班子配备统计表", "班子", "2014年3月报表.xlsx", "2014-03"),
        ("青石镇2014年3月领导班子配备统计表", "3月", "2014年第一季度报表.xlsx", "2014-03"),
    ],
)
def test_period_is_found(read_rows: ReadRows, title: str, sheet: str, file_name: str, period: str) -> None:
    reading = read_rows(team(title), sheet=sheet, file_name=f"云溪县/青石镇/{file_name}")
    assert reading.findings == []
    assert decided(reading) == [("219801100", period, 5)]


def test_line_that_states_the_period_counts(read_rows: ReadRows) -> None:
    reading = read_rows(team("青石镇班子", ["报告期：2014年3月", "填报时间：2014年4月2日"]))
    assert decided(reading) == [("219801100", "2014-03", 5)]


@pytest.mark.parametrize(
    ("title", "sheet", "file_name", "code", "cell", "found"),
    [
        (
            "青石镇班子",
            "Sheet1",
            "报表.xlsx",
            "period_missing",
            None,
            "标题、工作表名和文件名中都没有报告期，本表进入待处理区",
        ),
        (
            "青石镇2014年2月班子",
            "Sheet1",
            "2014年3月.xlsx",
            "period_conflict",
            "A1",
            "报告期不一致：标题为 2014-02，文件名为 2014-03，本表进入待处理区",
        ),
        (
            "青石镇3月班子",
            "Sheet1",
            "2014年4月.xlsx",
            "period_conflict",
            "A1",
            "报告期不一致：文件名为 2014-04，标题为 2014-03，本表进入待处理区",
        ),
        (
            "青石镇2014年2月、2014年3月班子",
            "Sheet1",
            "报表.xlsx",
            "period_conflict",
            "A1",
            "报告期不一致：标题为 2014-02，标题为 2014-03，本表进入待处理区",
        ),
        (
            "青石镇2014年第一季度班子",
            "Sheet1",
            "报表.xlsx",
            "period_unsuitable",
            "A1",
            "“领导班子配备”按月报送，标题中的报告期却是“2014-Q1”，本表进入待处理区",
        ),
        (
            "青石镇2014年第一季度班子",
            "一季度",
            "一季度.xlsx",
            "period_unsuitable",
            "A1",
            "“领导班子配备”按月报送，标题中的报告期却是“2014-Q1”，本表进入待处理区",
        ),
        (
            "青石镇班子",
            "Sheet1",
            "2014年一季度.xlsx",
            "period_unsuitable",
            None,
            "“领导班子配备”按月报送，文件名中的报告期却是“2014-Q1”，本表进入待处理区",
        ),
    ],
)
def test_period_that_is_not_clear_is_a_finding_not_a_choice(
    read_rows: ReadRows, title: str, sheet: str, file_name: str, code: str, cell: str | None, found: str
) -> None:
    reading = read_rows(team(title), sheet=sheet, file_name=f"云溪县/青石镇/{file_name}")
    assert [(f.code, f.cell, f.text_zh()) for f in reading.findings] == [(code, cell, found)]
    assert (reading.records, {row.code for row in reading.quarantine}) == ([], {code})


def test_column_of_periods_tells_row_by_row(read_rows: ReadRows) -> None:
    rows: Rows = [
        ["青石镇2014年领导班子配备统计表"],
        ("月份", *HEADER),
        *[(1 if n == 0 else "", *row) for n, row in enumerate(TEAM)],
        *[("2月", *row) for row in TEAM],
        ("十五月", *TEAM[0]),
    ]
    reading = read_rows(rows)
    assert [(f.code, f.cell, f.original) for f in reading.findings] == [
        ("period_not_understood", "A13", "十五月"),
        ("several_periods", "A1", "青石镇2014年领导班子配备统计表"),
    ]
    assert decided(reading) == [("219801100", "2014-01", 5), ("219801100", "2014-02", 5)]


def test_branches_that_each_period_of_a_table_lacks_are_told_apart(read_rows: ReadRows) -> None:
    rows: Rows = [
        ["青石镇2014年领导班子配备统计表"],
        ("月份", *HEADER),
        *[("1月", *row) for row in TEAM[1:]],
        *[("2月", *row) for row in TEAM[1:]],
    ]
    lacking = [(f.period, f.text_zh()) for f in read_rows(rows).findings if f.code == "branch_missing"]
    assert lacking == [
        (period, f"表中缺少 {period} 应报的 1 个单位：{TEAM[0][0]}，按未报处理") for period in ("2014-01", "2014-02")
    ]


def test_year_and_month_in_columns_of_their_own(read_rows: ReadRows) -> None:
    rows: Rows = [["青石镇班子"], ("年份", "月份", *HEADER), *[(2014, 3, *row) for row in TEAM]]
    reading = read_rows(rows)
    assert (reading.findings, decided(reading)) == ([], [("219801100", "2014-03", 5)])
