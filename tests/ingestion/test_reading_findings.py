"""What a reader is told about the rows of a return that is not as it should be, and about persons in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ingestion.records import Reading
from tests.ingestion.funding_return import HEADER, LI, WANG, ZHANG, codes, funding, landed, said

ReadRows = Callable[..., Reading]
Xlsx = Callable[..., bytes]


def test_return_that_is_as_it_should_be_has_no_finding(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, ("合计", "", 3.8, 1.2, 0.3, 5.3)))
    (records,) = reading.records
    assert reading.findings == []
    assert (records.reporting_unit_code, records.period and records.period.name) == ("219801100", "2014-Q1")
    assert records.row_numbers == [4, 5, 6]
    assert records.branch_codes == ["219801100201", "219801100202", "219801100203"]
    assert records.values["fiscal_transfer"] == [15_000, 12_000, 11_000]
    assert records.values["other_subsidy"] == [2_000, 0, 1_000]


def test_branches_that_a_table_lacks_are_one_finding(read_rows: ReadRows) -> None:
    (finding,) = read_rows(funding(LI)).findings
    assert said(finding) == (
        "branch_missing",
        None,
        None,
        "表中缺少 2014-Q1 应报的 2 个单位：王家村、张家村，按未报处理",
        "Due in the table for 2014-Q1 and not in it, 2 in number: 王家村、张家村; they count as not reported",
        "请补报；已撤销的请更新党组织名册",
        "Report them; those that no longer exist must be ended in the register",
    )
    assert (finding.branch_code, finding.details["count"]) == (None, "2")


@pytest.mark.parametrize(
    "name", ["王家村（含社区）", "王家村(与李家村合并)", "王家村（含：北屯、南屯）", "王家村（两村合计）"]
)
def test_row_of_several_branches_is_not_taken_without_a_word(read_rows: ReadRows, name: str) -> None:
    reading = read_rows(funding(LI, (2, name, *WANG[2:]), ZHANG))
    assert [said(finding) for finding in reading.findings] == [
        (
            "branch_with_others",
            "B5",
            name,
            f"“{name}”一行写明还包括别的单位，整行只按“王家村”入库",
            f"The row “{name}” says that it covers others too; it was landed as 王家村 alone",
            "请各单位分行填报；若只是“王家村”的数，请去掉括号",
            "Give each its own row; if the figures are those of 王家村 alone, leave out the brackets",
        )
    ]
    assert landed(reading, "total") == {"李家村": 22_000, name: 16_000, "张家村": 15_000}


def test_brackets_that_name_nobody_else_are_passed_over(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, (2, "王家村（重点村）", *WANG[2:]), ZHANG))
    assert codes(reading) == []


def test_unknown_village_waits_in_quarantine_with_the_nearest_name(read_rows: ReadRows) -> None:
    reading = read_rows(funding((1, "李佳村", 1.5, 0.5, 0.2, 2.2), WANG, ZHANG))
    assert {said(finding) for finding in reading.findings} == {
        (
            "branch_unknown",
            "B4",
            "李佳村",
            "名册中没有“李佳村”，该行进入待处理区",
            "“李佳村” is not in the register; the row is in quarantine",
            "请核对名称，是否为：李家村；新设的请先更新党组织名册",
            "Check the name, perhaps: 李家村; a new branch must first be entered in the register",
        ),
        (
            "branch_missing",
            None,
            None,
            "表中缺少 2014-Q1 应报的 1 个单位：李家村，按未报处理",
            "Due in the table for 2014-Q1 and not in it, 1 in number: 李家村; they count as not reported",
            "请补报；已撤销的请更新党组织名册",
            "Report them; those that no longer exist must be ended in the register",
        ),
    }
    (row,) = reading.quarantine
    assert (row.row_number, row.branch_name, row.code) == (4, "李佳村", "branch_unknown")
    assert row.cells == '{"A": "1", "B": "李佳村", "C": "1.5", "D": "0.5", "E": "0.2", "F": "2.2"}'
    assert landed(reading, "total") == {"王家村": 16_000, "张家村": 15_000}


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([(1, "李佳村", *LI[2:]), (2, "汪家村", *WANG[2:])], "quarantined"),
        ([(1, "李佳村", *LI[2:]), WANG], "landed"),
        ([], "landed"),  # the unit has nothing to report
    ],
    ids=["no row is known", "one row is", "no row at all"],
)
def test_table_whose_rows_all_wait_does_not_say_that_there_is_nothing_to_report(
    read_rows: ReadRows, rows: list[tuple[object, ...]], outcome: str
) -> None:
    assert [table.outcome for table in read_rows(funding(*rows)).tables] == [outcome]


def test_totals_row_that_disagrees_names_the_difference(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, ("合计", "", 3.8, 1.2, 0.8, 5.3)))
    assert [said(finding) for finding in reading.findings] == [
        (
            "total_mismatch",
            "E7",
            "0.8",
            "“其他补助”合计为 0.8，各行相加为 0.3，相差 0.5",
            "The total of “其他补助” is 0.8, the rows add up to 0.3: a difference of 0.5",
            "请核对合计和各行；各行数值已照原样入库",
            "Check the total and the rows; the rows were landed as they stand",
        )
    ]
    assert landed(reading, "other_subsidy") == {"李家村": 2_000, "王家村": 0, "张家村": 1_000}


def test_two_months_in_one_file_are_landed_apart_and_reported(read_file: Callable[..., Reading], xlsx: Xlsx) -> None:
    def team(month: int) -> list[Sequence[object]]:
        names = ("和平社区", "李家村", "王家村", "张家村", "绿源公司党支部")
        header = ("单位名称", "应配职数", "实配职数", "书记是否空缺", "主任是否空缺")
        return [[f"青石镇2014年{month}月领导班子配备统计表"], header, *((name, 5, 4, "否", "否") for name in names)]

    reading = read_file(xlsx(("二月", team(2)), ("三月", team(3))))
    assert [(said(finding), finding.sheet_name) for finding in reading.findings] == [
        (
            (
                "several_periods",
                "A1",
                "青石镇2014年2月领导班子配备统计表",
                "一个文件中有多个报告期：2014-02、2014-03，各表按自己的报告期入库",
                "One file holds several periods: 2014-02、2014-03; each table was landed under its own",
                "请确认不是误贴；每个文件最好只报一期",
                "Make sure nothing was pasted by mistake; best send one period a file",
            ),
            "二月",
        )
    ]
    assert [(r.period and r.period.name, len(r.row_numbers)) for r in reading.records] == [
        ("2014-02", 5),
        ("2014-03", 5),
    ]


def test_branch_twice_with_different_figures_is_quarantined(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, (4, "王家村", 9, 0.4, 0, 9.4)))
    assert codes(reading) == [("branch_duplicate", "B5"), ("branch_duplicate", "B7")]
    assert [row.row_number for row in reading.quarantine] == [5, 7]
    assert landed(reading, "total") == {"李家村": 22_000, "张家村": 15_000}


def test_branch_twice_with_the_same_figures_counts_once(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, (4, *WANG[1:])))
    assert codes(reading) == [("branch_repeated", "B7")]
    assert landed(reading, "total") == {"李家村": 22_000, "王家村": 16_000, "张家村": 15_000}


def test_branch_in_two_tables_of_a_file_with_different_figures_is_quarantined(
    read_file: Callable[..., Reading], xlsx: Xlsx
) -> None:
    first, second = funding(LI, WANG, ZHANG), funding((1, "王家村", 7, 0.4, 0, 7.4))
    reading = read_file(xlsx(("甲", first), ("乙", second)))
    assert [(f.code, f.sheet_name, f.cell) for f in reading.findings] == [
        ("branch_duplicate", "甲", "B5"),
        ("branch_duplicate", "乙", "B4"),
    ]
    assert landed(reading, "total") == {"李家村": 22_000, "张家村": 15_000}


def test_personal_column_is_never_landed_nor_quoted(read_rows: ReadRows) -> None:
    rows = [(*row, "13912345678") for row in (LI, WANG)] + [(3, "张佳村", 1.1, 0.3, 0.1, 1.5, "13912345678")]
    reading = read_rows(funding(*rows, header=(*HEADER, "联系电话")))
    assert [code for code, _ in codes(reading)] == ["branch_missing", "column_personal", "branch_unknown"]
    assert "13912345678" not in repr(reading)
    assert '"G": "***"' in reading.quarantine[0].cells


def test_personal_looking_cell_is_masked(read_rows: ReadRows) -> None:
    rows = [(*LI, "书记电话13912345678"), (2, "13912345678", 1.2, 0.4, 0, 1.6, ""), (*ZHANG, "11010519491231002X")]
    reading = read_rows(funding(*rows, header=(*HEADER, "备注")))
    assert [(f.code, f.cell, f.original) for f in reading.findings if f.code != "branch_missing"] == [
        ("branch_unknown", "B5", "139****78"),
        ("cell_personal", "G4", "书记电话139****78"),
        ("cell_personal", "G6", "110****2X"),
    ]
    assert "13912345678" not in repr(reading)


def test_row_with_figures_and_no_name_waits_in_quarantine(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, ("", "", 3, 1, 0, 4), WANG, ZHANG))
    assert [(f.code, f.cell, f.original) for f in reading.findings] == [("row_not_understood", "B5", "3 | 1 | 0 | 4")]
    assert [(row.row_number, row.code) for row in reading.quarantine] == [(5, "row_not_understood")]


def test_sheet_that_is_no_return_is_reported_once(read_rows: ReadRows) -> None:
    reading = read_rows([["学习安排"], ["上旬", "集中学习"]], sheet="学习")
    assert [(f.code, f.sheet_name, f.cell) for f in reading.findings] == [
        ("sheet_not_recognised", "学习", "A1"),
        ("no_return_found", None, None),
    ]
    assert reading.outcome == "rejected"


def test_name_given_for_an_answer_is_not_repeated(read_rows: ReadRows) -> None:
    reading = read_rows(
        [
            ["青石镇2014年3月领导班子配备情况统计表"],
            ["村名", "应配职数", "实配职数", "书记是否空缺", "书记产生方式"],
            ["李家村", 5, 5, "王建国", "村委会推荐"],
            ["王家村", 5, 5, "否", "赵刚、李卫东"],
            ["张家村", 5, 5, "不清楚", "选举"],
        ]
    )
    refused = [(f.cell, f.original) for f in reading.findings if f.code.startswith("value_not_")]
    assert refused == [("D3", "***"), ("D5", "不清楚"), ("E3", "村委会推荐"), ("E4", "***")]
