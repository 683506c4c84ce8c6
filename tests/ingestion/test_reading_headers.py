"""What a reader is told about headers: columns renamed, missing, doubled, and tables without a header."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ingestion.records import Reading
from tests.ingestion.funding_return import HEADER, LI, TITLE, WANG, ZHANG, codes, funding, landed, said

ReadRows = Callable[..., Reading]
NOT_IN_THE_FORM = "If it is to be collected, have it added to the form; otherwise nothing is to be done"


def test_renamed_header_is_proposed_not_guessed(read_rows: ReadRows) -> None:
    header = ("序号", "村名", "财政转移支付", "党建专项", "其他补助", "合计")
    reading = read_rows(funding(LI, WANG, ZHANG, header=header))
    assert [said(finding) for finding in reading.findings] == [
        (
            "column_missing",
            "D3",
            "党建专项",
            "缺少必填列“党建工作经费”",
            "The required column “党建工作经费” is missing",
            "“党建专项”是否就是该列？如果是，请把表头改为“党建工作经费”后重新报送；如果不是，请补上该列",
            (
                "Is “党建专项” this column? If it is, change its header to “党建工作经费” and send the file again; "
                "if not: Add the column"
            ),
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
            "请补上该列",
            "Add the column",
        )
    ]
    assert reading.findings[0].severity == "error"


def test_column_without_a_header_is_not_passed_over(read_rows: ReadRows) -> None:
    rows = [(*row, "") for row in (LI, WANG)] + [(*ZHANG, 7.5)]
    reading = read_rows(funding(*rows, header=(*HEADER, "")))
    assert codes(reading) == [("column_unknown", "G6")]
    assert reading.findings[0].original == "7.5"


def test_two_columns_of_one_field_are_both_left(read_rows: ReadRows) -> None:
    rows = [(*row, row[2]) for row in (LI, WANG, ZHANG)]
    reading = read_rows(funding(*rows, header=(*HEADER, "转移支付资金")))
    assert [(f.code, f.cell, f.details["columns"]) for f in reading.findings] == [("column_duplicate", "G3", "C、G")]
    assert landed(reading, "fiscal_transfer") == {}


@pytest.mark.parametrize(("place", "cell"), [(2, "C3"), (6, "G3")])
def test_second_column_of_names_is_no_table_of_its_own(read_rows: ReadRows, place: int, cell: str) -> None:
    header, *rows = [(*row[:place], row[1], *row[place:]) for row in (HEADER, LI, WANG, ZHANG)]
    reading = read_rows(funding(*rows, header=[str(label) for label in header]))
    assert [(f.code, f.cell, f.original) for f in reading.findings] == [("column_unknown", cell, "村名")]
    assert landed(reading, "fiscal_transfer") == {"李家村": 15_000, "王家村": 12_000, "张家村": 11_000}
    assert landed(reading, "total") == {"李家村": 22_000, "王家村": 16_000, "张家村": 15_000}


def test_label_under_last_year_is_another_figure(read_rows: ReadRows) -> None:
    header = ("序号", "村名", "财政转移支付", "党建工作经费（上年）", "其他补助", "合计")
    reading = read_rows(funding(LI, WANG, ZHANG, header=header))
    assert codes(reading) == [("column_missing", "D3")]


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


def test_missing_column_that_several_may_be_names_them_all(read_rows: ReadRows) -> None:
    header = ("序号", "村名", "海拔高度", "党建工作经费", "其他补助", "合计", "人均纯收入")
    rows = [(*row, 8_000) for row in (LI, WANG, ZHANG)]
    reading = read_rows(funding(*rows, header=header))
    assert [(f.code, f.cell, f.remedy_zh()) for f in reading.findings if f.code == "column_missing"] == [
        ("column_missing", "A3:G3", "请补上该列，或确认“海拔高度、人均纯收入”是否即为该列")
    ]


def test_header_renamed_beyond_recognition_is_told_once_at_its_cell(read_rows: ReadRows) -> None:
    header = ("序号", "村名", "财政拨款收入", "党建工作经费", "其他补助", "合计")
    reading = read_rows(funding(LI, WANG, ZHANG, header=header))
    assert [said(finding) for finding in reading.findings] == [
        (
            "column_missing",
            "C3",
            "财政拨款收入",
            "缺少必填列“财政转移支付”",
            "The required column “财政转移支付” is missing",
            "“财政拨款收入”是否就是该列？如果是，请把表头改为“财政转移支付”后重新报送；如果不是，请补上该列",
            (
                "Is “财政拨款收入” this column? If it is, change its header to “财政转移支付” and send the file again; "
                "if not: Add the column"
            ),
        )
    ]
    assert landed(reading, "fiscal_transfer") == {}
