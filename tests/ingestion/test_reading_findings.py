"""What a reader is told about a return that is not as it should be: code, cell, original text and remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from ingestion.findings import Finding
from ingestion.records import Reading

ReadRows = Callable[..., Reading]
Xlsx = Callable[..., bytes]
TITLE = "青石镇2014年第一季度村级组织运转经费统计表"
HEADER = ("序号", "村名", "财政转移支付", "党建工作经费", "其他补助", "合计")
NOT_IN_THE_FORM = "If it is to be collected, have it added to the form; otherwise nothing is to be done"
LIKE_YUAN = "but its values look like 元 (10,000 times as large); not landed"
LI, WANG, ZHANG = (1, "李家村", 1.5, 0.5, 0.2, 2.2), (2, "王家村", 1.2, 0.4, 0, 1.6), (3, "张家村", 1.1, 0.3, 0.1, 1.5)


def funding(
    *rows: Sequence[object], title: str = TITLE, header: Sequence[str] = HEADER, unit: str = "单位：万元"
) -> list[Sequence[object]]:
    return [[title], ["填报单位：青石镇人民政府", "", "", "", "", unit], header, *rows]


def said(finding: Finding) -> tuple[str | None, ...]:
    """A finding as its reader meets it."""
    texts = (finding.text_zh(), finding.text_en(), finding.remedy_zh(), finding.remedy_en())
    return (finding.code, finding.cell, finding.original, *texts)


def codes(reading: Reading) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.cell) for finding in reading.findings]


def landed(reading: Reading, field: str) -> dict[str, object]:
    """The values of a field by branch name."""
    return {
        name: value
        for records in reading.records
        for name, value in zip(records.branch_names, records.values.get(field, ()), strict=False)
    }


def test_return_that_is_as_it_should_be_has_no_finding(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, ("合计", "", 3.8, 1.2, 0.3, 5.3)))
    (records,) = reading.records
    assert reading.findings == []
    assert (records.reporting_unit_code, records.period and records.period.name) == ("219801100", "2014-Q1")
    assert records.row_numbers == [4, 5, 6]
    assert records.branch_codes == ["219801100201", "219801100202", "219801100203"]
    assert records.values["fiscal_transfer"] == [15_000, 12_000, 11_000]
    assert records.values["other_subsidy"] == [2_000, 0, 1_000]


def test_renamed_header_is_proposed_not_guessed(read_rows: ReadRows) -> None:
    header = ("序号", "村名", "财政转移支付", "党建专项", "其他补助", "合计")
    reading = read_rows(funding(LI, WANG, ZHANG, header=header))
    assert [said(finding) for finding in reading.findings] == [
        (
            "column_unknown",
            "D3",
            "党建专项",
            "不认识的列“党建专项”，其中内容未入库",
            "Unknown column “党建专项”: its cells were not landed",
            "若它是“党建工作经费”，请改用该表头；确须收集的，由管理员在表单定义中加入；否则不用管",
            "If it is “党建工作经费”, use that header. " + NOT_IN_THE_FORM,
        ),
        (
            "column_missing",
            "A3:F3",
            "序号 | 村名 | 财政转移支付 | 党建专项 | 其他补助 | 合计",
            "缺少必填列“党建工作经费”",
            "The required column “党建工作经费” is missing",
            "请补上该列，或确认“党建专项”是否即为该列",
            "Add the column, or confirm whether it is “党建专项”",
        ),
    ]
    assert landed(reading, "party_work_subsidy") == {}
    assert landed(reading, "fiscal_transfer") == {"李家村": 15_000, "王家村": 12_000, "张家村": 11_000}


def test_extra_column_is_named_and_the_rest_is_read(read_rows: ReadRows) -> None:
    rows = [(*row, 8_000) for row in (LI, WANG, ZHANG)]
    reading = read_rows(funding(*rows, header=(*HEADER, "农民人均纯收入")))
    assert [said(finding) for finding in reading.findings] == [
        (
            "column_unknown",
            "G3",
            "农民人均纯收入",
            "不认识的列“农民人均纯收入”，其中内容未入库",
            "Unknown column “农民人均纯收入”: its cells were not landed",
            "确须收集的，由管理员在表单定义中加入；否则不用管",
            NOT_IN_THE_FORM,
        )
    ]
    assert landed(reading, "total") == {"李家村": 22_000, "王家村": 16_000, "张家村": 15_000}


def test_missing_required_column_is_an_error(read_rows: ReadRows) -> None:
    rows = [(*row[:3], *row[4:]) for row in (LI, WANG, ZHANG)]
    reading = read_rows(funding(*rows, header=(*HEADER[:3], *HEADER[4:])))
    assert [said(finding) for finding in reading.findings] == [
        (
            "column_missing",
            "A3:E3",
            "序号 | 村名 | 财政转移支付 | 其他补助 | 合计",
            "缺少必填列“党建工作经费”",
            "The required column “党建工作经费” is missing",
            "请补上该列，或确认“（无）”是否即为该列",
            "Add the column, or confirm whether it is “(none)”",
        )
    ]
    assert reading.findings[0].severity == "error"


def test_column_in_yuan_under_a_unit_line_in_wan_is_not_landed(read_rows: ReadRows) -> None:
    rows = [(*row[:2], float(str(row[2])) * 10_000, *row[3:]) for row in (LI, WANG, ZHANG)]
    reading = read_rows(funding(*rows))
    assert [said(finding) for finding in reading.findings] == [
        (
            "unit_suspect",
            "C4:C6",
            "15000、12000、11000",
            "列“财政转移支付”标明单位为万元，数值却像是元（相差 10,000 倍），未入库",
            "The column “财政转移支付” is in 万元, but its values look like 元 (10,000 times as large); not landed",
            "请确认单位；若确为元，请在表头注明或换算后重新报送",
            "Confirm the unit; if it is 元, say so in the header or convert, and send it again",
        )
    ]
    assert landed(reading, "fiscal_transfer") == {"李家村": None, "王家村": None, "张家村": None}
    assert landed(reading, "party_work_subsidy") == {"李家村": 5_000, "王家村": 4_000, "张家村": 3_000}


def test_unit_that_nothing_states_is_called_the_forms_own(read_rows: ReadRows) -> None:
    rows = [(*row[:2], float(str(row[2])) * 10_000, *row[3:]) for row in (LI, WANG, ZHANG)]
    (finding,) = read_rows(funding(*rows, unit="")).findings
    assert said(finding) == (
        "unit_suspect",
        "C4:C6",
        "15000、12000、11000",
        "列“财政转移支付”没有标明单位，按报表默认单位万元读取，数值却像是元（相差 10,000 倍），未入库",
        "The column “财政转移支付” states no unit, so that the form's, 万元, counts, " + LIKE_YUAN,
        "请确认单位；若确为元，请在表头注明或换算后重新报送",
        "Confirm the unit; if it is 元, say so in the header or convert, and send it again",
    )


def test_branches_that_a_table_lacks_are_one_finding(read_rows: ReadRows) -> None:
    (finding,) = read_rows(funding(LI)).findings
    assert said(finding) == (
        "branch_missing",
        None,
        None,
        "表中缺少应报的 2 个单位：王家村、张家村，按未报处理",
        "Due in the table and not in it, 2 in number: 王家村、张家村; they count as not reported",
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


def test_small_sum_is_shown_in_plain_decimals(read_rows: ReadRows) -> None:
    reading = read_rows(funding((1, "李家村", "0.3元", 0.5, 0.2, 2.2), WANG, ZHANG))
    assert [said(finding) for finding in reading.findings] == [
        (
            "value_unit_in_cell",
            "C4",
            "0.3元",
            "“财政转移支付”的单元格中写了单位，按 0.00003 万元 入库",
            "The cell of “财政转移支付” carries its unit; landed as 0.00003 万元",
            "单位请写在表头，单元格中只填数字",
            "Write the unit in the header and only the number in the cell",
        )
    ]


@pytest.mark.parametrize("cell", ["十来个", date(2014, 3, 5), -1, "#REF!", 15_000])
def test_value_that_was_refused_is_not_one_that_is_missing(read_rows: ReadRows, cell: object) -> None:
    (records,) = read_rows(funding((1, "李家村", cell, 0.5, 0.2, 2.2), WANG, (3, "张家村", "", 0.3, 0.1, 1.5))).records
    assert records.states["fiscal_transfer"] == {0: "unread"}
    assert records.values["fiscal_transfer"] == [None, 12_000, None]


def test_column_that_was_refused_is_not_one_that_is_missing(read_rows: ReadRows) -> None:
    rows = [(*row[:2], float(str(row[2])) * 10_000, *row[3:]) for row in (LI, WANG, ZHANG)]
    (suspected,) = read_rows(funding(*rows)).records
    assert suspected.states["fiscal_transfer"] == {0: "unread", 1: "unread", 2: "unread"}
    (refused,) = read_rows(funding(LI, WANG, ZHANG, unit="单位：美元")).records
    assert refused.states["total"] == {0: "unread", 1: "unread", 2: "unread"}
    twice = [(*row, row[2]) for row in (LI, WANG, ZHANG)]
    (doubled,) = read_rows(funding(*twice, header=(*HEADER, "转移支付资金"))).records
    assert doubled.states["fiscal_transfer"] == {0: "unread", 1: "unread", 2: "unread"}


def test_single_cell_in_yuan_is_not_landed(read_rows: ReadRows) -> None:
    reading = read_rows(funding((1, "李家村", 15_000, 0.5, 0.2, 2.2), WANG, ZHANG))
    assert codes(reading) == [("unit_suspect", "C4")]
    assert reading.findings[0].branch_code == "219801100201"
    assert landed(reading, "fiscal_transfer") == {"李家村": None, "王家村": 12_000, "张家村": 11_000}


def test_figures_in_wan_under_a_unit_line_in_yuan_are_not_landed(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, unit="单位：元"))
    assert {(f.code, f.cell, f.details["suspected"]) for f in reading.findings} == {
        ("unit_suspect", "C4:C6", "万元"),
        ("unit_suspect", "D4:D6", "万元"),
        ("unit_suspect", "E4:E6", "万元"),
        ("unit_suspect", "F4:F6", "万元"),
    }
    assert landed(reading, "other_subsidy") == {"李家村": None, "王家村": 0, "张家村": None}


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
            "表中缺少应报的 1 个单位：李家村，按未报处理",
            "Due in the table and not in it, 1 in number: 李家村; they count as not reported",
            "请补报；已撤销的请更新党组织名册",
            "Report them; those that no longer exist must be ended in the register",
        ),
    }
    (row,) = reading.quarantine
    assert (row.row_number, row.branch_name, row.code) == (4, "李佳村", "branch_unknown")
    assert row.cells == '{"A": "1", "B": "李佳村", "C": "1.5", "D": "0.5", "E": "0.2", "F": "2.2"}'
    assert landed(reading, "total") == {"王家村": 16_000, "张家村": 15_000}


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


@pytest.mark.parametrize(
    ("cells", "code", "cell"),
    [
        ((1, "李家村", "十来个", 0.5, 0.2, 2.2), "value_not_number", "C4"),
        ((1, "李家村", date(2014, 3, 5), 0.5, 0.2, 2.2), "value_not_number", "C4"),
        ((1, "李家村", True, 0.5, 0.2, 2.2), "value_not_number", "C4"),
        ((1, "李家村", -1, 0.5, 0.2, 2.2), "value_out_of_range", "C4"),
        ((1, "李家村", "", 0.5, 0.2, 2.2), "value_missing", "C4"),
        ((1, "李家村", "=B1/0→#DIV/0!", 0.5, 0.2, 2.2), "value_error_cell", "C4"),
        ((1, "李家村", "#REF!", 0.5, 0.2, 2.2), "value_error_cell", "C4"),
        ((1, "李家村", "约1.5", 0.5, 0.2, 2.2), "value_approximate", "C4"),
        ((1, "李家村", "15000元", 0.5, 0.2, 2.2), "value_unit_in_cell", "C4"),
        ((1, "李家村", "35%", 0.5, 0.2, 2.2), "value_not_number", "C4"),
    ],
)
def test_cell_that_is_no_plain_figure_is_found(
    read_rows: ReadRows, cells: Sequence[object], code: str, cell: str
) -> None:
    reading = read_rows(funding(cells, WANG, ZHANG))
    assert codes(reading) == [(code, cell)]
    assert landed(reading, "fiscal_transfer")["王家村"] == 12_000
    expected = 15_000 if code in ("value_approximate", "value_unit_in_cell") else None
    assert landed(reading, "fiscal_transfer")["李家村"] == expected


def test_total_under_a_money_unit_of_its_own_is_read_in_it(read_rows: ReadRows) -> None:
    header = ("序号", "村名", "财政转移支付(元)", "党建工作经费", "其他补助", "合计")
    reading = read_rows(
        funding(
            (1, "李家村", 15_000, 0.5, 0.2, 2.2),
            (2, "王家村", 12_000, 0.4, 0, 1.6),
            ("", "合计", 27_000, 0.9, 0.2, 3.8),
            (3, "张家村", 0, 0, 0, 0),
            header=header,
        )
    )
    assert codes(reading) == []
    assert landed(reading, "fiscal_transfer") == {"李家村": 15_000, "王家村": 12_000, "张家村": 0}


def test_unit_that_does_not_measure_the_column_is_refused(read_rows: ReadRows) -> None:
    header = ("序号", "村名", "财政转移支付（美元）", "党建工作经费", "其他补助", "合计")
    reading = read_rows(funding(LI, WANG, ZHANG, header=header))
    assert [(f.code, f.cell, f.original, f.details["unit"]) for f in reading.findings] == [
        ("unit_unknown", "C3", "财政转移支付（美元）", "美元")
    ]
    assert landed(reading, "fiscal_transfer") == {"李家村": None, "王家村": None, "张家村": None}


def test_unit_line_of_another_currency_is_refused(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, unit="单位：美元"))
    assert {(f.code, f.cell) for f in reading.findings} == {("unit_unknown", "F2")}
    assert landed(reading, "total") == {"李家村": None, "王家村": None, "张家村": None}


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


def test_column_without_a_header_is_not_passed_over(read_rows: ReadRows) -> None:
    rows = [(*row, "") for row in (LI, WANG)] + [(*ZHANG, 7.5)]
    reading = read_rows(funding(*rows, header=(*HEADER, "")))
    assert codes(reading) == [("column_unknown", "G6")]
    assert reading.findings[0].original == "7.5"


def test_row_with_figures_and_no_name_waits_in_quarantine(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, ("", "", 3, 1, 0, 4), WANG, ZHANG))
    assert [(f.code, f.cell, f.original) for f in reading.findings] == [("row_not_understood", "B5", "3 | 1 | 0 | 4")]
    assert [(row.row_number, row.code) for row in reading.quarantine] == [(5, "row_not_understood")]


def test_two_columns_of_one_field_are_both_left(read_rows: ReadRows) -> None:
    rows = [(*row, row[2]) for row in (LI, WANG, ZHANG)]
    reading = read_rows(funding(*rows, header=(*HEADER, "转移支付资金")))
    assert [(f.code, f.cell, f.details["columns"]) for f in reading.findings] == [("column_duplicate", "G3", "C、G")]
    assert landed(reading, "fiscal_transfer") == {}


def test_label_under_last_year_is_another_figure(read_rows: ReadRows) -> None:
    header = ("序号", "村名", "财政转移支付", "党建工作经费（上年）", "其他补助", "合计")
    reading = read_rows(funding(LI, WANG, ZHANG, header=header))
    assert codes(reading) == [("column_unknown", "D3"), ("column_missing", "A3:F3")]


def test_title_without_a_header_is_reported_at_the_title(read_rows: ReadRows) -> None:
    reading = read_rows([[TITLE], [], [1, "李家村", 1.5, 0.5], [2, "王家村", 1.2, 0.4]])
    assert [said(finding) for finding in reading.findings] == [
        (
            "header_missing",
            "A1",
            TITLE,
            "标题是“村级组织运转经费”，但没有找到表头",
            "The title says “Operating funding of village organisations”, but no header row was found",
            "请保留表头行，至少包含单位名称和指标名称",
            "Keep the header row, with the name column and the fields",
        )
    ]
    assert (reading.outcome, reading.rows) == ("rejected", 0)
    assert reading.reason == f"{reading.findings[0].text_zh()} · {reading.findings[0].text_en()}"


@pytest.mark.parametrize(
    ("rows", "cell", "original", "zh", "en"),
    [
        pytest.param(
            funding(LI, WANG, header=("序号", "报送点", *HEADER[2:])), "B3", "报送点", "报送点", "报送点", id="one row"
        ),
        pytest.param(
            [[TITLE], ["报送点", "经费", "", ""], ["", *HEADER[2:5]], LI[1:5], WANG[1:5]],
            "A2",
            "报送点",
            "报送点",
            "报送点",
            id="two rows",
        ),
        pytest.param(
            funding(LI, WANG, title="", header=("序号", "报送点", *HEADER[2:])),
            "B3",
            "报送点",
            "报送点",
            "报送点",
            id="no title",
        ),
        pytest.param(
            [[TITLE], HEADER[2:5], LI[2:5], WANG[2:5]],
            "A2:C2",
            "财政转移支付 | 党建工作经费 | 其他补助",
            "（无）",
            "(none)",
            id="no such column",
        ),
    ],
)
def test_header_without_a_known_column_of_names_is_said_at_its_cell(
    read_rows: ReadRows, rows: list[Sequence[object]], cell: str, original: str, zh: str, en: str
) -> None:
    reading = read_rows(rows)
    assert [said(finding) for finding in reading.findings] == [
        (
            "name_column_missing",
            cell,
            original,
            f"没有认出哪一列是单位名称，本表未读取；可能是“{zh}”一列",
            f"No column was recognised as holding the names, so the table was not read; it may be “{en}”",
            "请把单位名称一列的表头改为“村(社区)”，或由管理员在表单定义中加入此同义词",
            "Call the column of names “村(社区)”, or have its header added to the synonyms",
        )
    ]
    assert (reading.outcome, reading.rows) == ("rejected", 0)
    assert reading.reason == f"{reading.findings[0].text_zh()} · {reading.findings[0].text_en()}"


@pytest.mark.parametrize("header", ["村庄", "各村", "村居名称", "村（居）名称", "村名称（社区）", "村委会", "党支部"])
def test_column_of_names_has_many_headers(read_rows: ReadRows, header: str) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, header=("序号", header, *HEADER[2:])))
    assert reading.findings == []
    assert landed(reading, "total") == {"李家村": 22_000, "王家村": 16_000, "张家村": 15_000}


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
