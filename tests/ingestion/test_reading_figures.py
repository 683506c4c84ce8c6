"""What a reader is told about figures: cells that are none, and units that cannot be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from ingestion.records import Reading
from tests.ingestion.funding_return import HEADER, LI, WANG, ZHANG, codes, funding, landed, said

ReadRows = Callable[..., Reading]
LIKE_YUAN = "but its values look like 元 (10,000 times as large); not landed"


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


def test_columns_in_wan_under_a_unit_line_in_yuan_are_one_finding_and_not_landed(read_rows: ReadRows) -> None:
    reading = read_rows(funding(LI, WANG, ZHANG, unit="单位：元"))
    like_wan = "but its values look like 万元 (10,000 times as large); not landed"
    columns = "“财政转移支付”、“党建工作经费”、“其他补助”、“合计”"
    assert [said(finding) for finding in reading.findings] == [
        (
            "unit_suspect",
            "C4:C6、D4:D6、E4:E6、F4:F6",
            "1.5、1.2、1.1；0.5、0.4、0.3；0.2、0、0.1；2.2、1.6、1.5",
            f"列{columns}标明单位为元，数值却像是万元（相差 10,000 倍），未入库",
            f"The column {columns.replace('、', ', ')} is in 元, {like_wan}",
            "请确认单位；若确为万元，请在表头注明或换算后重新报送",
            "Confirm the unit; if it is 万元, say so in the header or convert, and send it again",
        )
    ]
    assert reading.findings[0].field is None
    assert landed(reading, "other_subsidy") == {"李家村": None, "王家村": 0, "张家村": None}


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
