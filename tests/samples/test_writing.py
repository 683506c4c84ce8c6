"""Written files, opened by programs that have nothing to do with ours."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import openpyxl
import python_calamine

from samples.city import SampleWriter
from samples.grids import Formula, SheetGrid, WorkbookGrid
from samples.truth import FIRST_MONTH
from samples.writing import render_workbook

SAVED = datetime(2013, 4, 3, 2, 0, tzinfo=UTC)


def test_a_return_in_xlsx_holds_the_facts(writer: SampleWriter) -> None:
    township, month = writer.truth.places.townships[0], FIRST_MONTH + 2
    (workbook,) = writer.workbooks(township, month)
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(workbook)), data_only=True)
    rows = list(book["运转经费"].iter_rows(values_only=True))
    assert rows[0][0] == "柳渡镇2013年第一季度村级组织运转经费统计表"
    assert rows[2][:4] == ("序号", "村(社区)", "财政转移支付", "党建工作经费")
    facts = writer.truth.facts("operating_funding", township, month)
    assert [row[1:4] for row in rows[3 : 3 + len(facts)]] == [
        (fact.branch.name, int(str(fact.values[0])) / 10_000, int(str(fact.values[1])) / 10_000) for fact in facts
    ]
    assert rows[3 + len(facts)][1:3] == ("合计", round(sum(int(str(f.values[0])) for f in facts) / 10_000, 4))


def test_merged_headers_formulas_and_error_cells_are_real_ones() -> None:
    sheet = SheetGrid("表", [["其中", None], [1, Formula("=SUM(A2:A2)", 1)], [Formula("=#REF!", "#REF!")]])
    sheet.merges.append((0, 0, 0, 1))
    content = render_workbook(WorkbookGrid("a.xlsx", [sheet], SAVED))
    written = openpyxl.load_workbook(io.BytesIO(content))["表"]
    assert [str(merged) for merged in written.merged_cells.ranges] == ["A1:B1"]
    assert written["B2"].value == "=SUM(A2:A2)"
    seen = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["表"]
    assert (seen["B2"].value, seen["A3"].value, seen["A3"].data_type) == (1, "#REF!", "e")


def test_old_excel_files_hold_sheets_and_merges() -> None:
    sheet = SheetGrid("表", [["标题", None], ["柳沟村", 3.5]])
    sheet.merges.append((0, 0, 0, 1))
    content = render_workbook(WorkbookGrid("a.xls", [sheet], SAVED))
    assert content.startswith(b"\xd0\xcf\x11\xe0")
    book = python_calamine.CalamineWorkbook.from_object(io.BytesIO(content))
    assert book.sheet_names == ["表"]
    assert book.get_sheet_by_name("表").to_python() == [["标题", ""], ["柳沟村", 3.5]]


def test_csv_is_in_the_encoding_of_the_house() -> None:
    rows = [["㟖沟村", 3.5, "a,b"], ["合计"]]
    for encoding in ("utf-8-sig", "gb18030"):
        content = render_workbook(WorkbookGrid("a.csv", [SheetGrid("", rows)], SAVED, encoding))  # type: ignore[list-item]
        assert list(csv.reader(io.StringIO(content.decode(encoding)))) == [["㟖沟村", "3.5", "a,b"], ["合计", "", ""]]
