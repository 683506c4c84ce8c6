"""Files of every kind opened as sheets of plain cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import msoffcrypto.format.ooxml
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from ingestion.workbook import ErrorValue, WorkbookError, open_workbook

Xlsx = Callable[..., bytes]


def test_xlsx_cells_keep_their_places_and_types(xlsx: Xlsx) -> None:
    rows = [[], ["", "李家村", 1.5, 3, True, datetime(2014, 3, 5)]]
    (sheet,) = open_workbook(xlsx(("甲", rows), merges=()), ".xlsx")
    assert (sheet.name, sheet.rows[0], sheet.merges) == ("甲", [""] * 6, ())
    assert sheet.rows[1][:5] == ["", "李家村", 1.5, 3.0, True]
    assert str(sheet.rows[1][5])[:10] == "2014-03-05"


def test_merged_ranges_are_told(xlsx: Xlsx) -> None:
    (sheet,) = open_workbook(xlsx(("甲", [["收入", "", ""], ["a", "b", "c"]]), merges=("A1:C1",)), ".xlsx")
    assert sheet.merges == ((0, 0, 0, 2),)


def test_error_cells_of_xlsx_are_not_lost(xlsx: Xlsx) -> None:
    content = xlsx(("甲", [["x"]]), ("乙 & 丙", [["a", "=1/0→#DIV/0!"], ["=REF→#REF!", 2]]))
    first, second = open_workbook(content, ".xlsx")
    assert first.rows == [["x"]]
    assert second.rows == [["a", ErrorValue("#DIV/0!")], [ErrorValue("#REF!"), 2.0]]


def test_error_cells_of_xls_are_not_lost() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("甲").write(0, 0, "x")
    sheet = book.add_sheet("乙")
    sheet.write(0, 0, "李家村")
    sheet.row(1).set_cell_error(1, 0x17, xlwt.XFStyle())
    buffer = io.BytesIO()
    book.save(buffer)
    first, second = open_workbook(buffer.getvalue(), ".xls")
    assert first.rows == [["x"]]
    assert second.rows == [["李家村", ""], ["", ErrorValue("#REF!")]]


def test_et_and_xls_are_told_by_their_bytes_not_their_names(xlsx: Xlsx) -> None:
    assert open_workbook(xlsx(("甲", [["x"]])), ".et")[0].rows == [["x"]]
    assert open_workbook(xlsx(("甲", [["x"]])), ".xls")[0].rows == [["x"]]
    assert open_workbook(xlsx(("甲", [["x"]])), ".csv")[0].rows == [["x"]]


def test_ods_is_read() -> None:
    document = OpenDocumentSpreadsheet()
    table, row = Table(name="甲"), TableRow()
    cell = TableCell(valuetype="string")
    cell.addElement(P(text="李家村"))
    row.addElement(cell)
    row.addElement(TableCell(valuetype="float", value="1.5"))
    table.addElement(row)
    document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.save(buffer)
    assert open_workbook(buffer.getvalue(), ".ods")[0].rows == [["李家村", 1.5]]


def encrypted(content: bytes, password: str) -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt(password, buffer)
    return buffer.getvalue()


def test_workbook_that_excel_opens_without_asking_is_opened(xlsx: Xlsx) -> None:
    content = encrypted(xlsx(("甲", [["x", 1]])), "VelvetSweatshop")
    assert open_workbook(content, ".xlsx")[0].rows == [["x", 1.0]]


def refusal(content: bytes, suffix: str) -> tuple[str, str, str]:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(content, suffix)
    return caught.value.code, caught.value.reason_zh, caught.value.reason_en


def test_workbook_with_a_password_is_refused(xlsx: Xlsx) -> None:
    assert refusal(encrypted(xlsx(("甲", [["x"]])), "secret"), ".xlsx") == ("file_encrypted", "", "")


def test_empty_file_is_refused() -> None:
    assert refusal(b"", ".xlsx")[0] == "file_empty"


def test_workbook_without_a_sheet_is_refused() -> None:
    buffer = io.BytesIO()
    OpenDocumentSpreadsheet().save(buffer)
    assert refusal(buffer.getvalue(), ".ods") == ("file_unreadable", "里面没有工作表", "it holds no sheet")


def test_workbook_with_a_damaged_name_in_its_directory_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("表.xml", "")
    content = buffer.getvalue().replace("表".encode(), b"\xff\xff\xff")
    assert refusal(content, ".xlsx")[:2] == ("file_unreadable", "文件已损坏，或不是工作簿")


def test_torn_workbook_is_refused_with_what_happened(xlsx: Xlsx) -> None:
    content = xlsx(("甲", [["x"]]))
    code, zh, _ = refusal(content[: len(content) // 2], ".xlsx")
    assert (code, zh) == ("file_unreadable", "文件不完整，可能没有传完")


@pytest.mark.parametrize("text", ["报表随后补报", "各位,你们好,报表\n今天来不及,随后补报\n", "只有一行,两个,逗号"])
def test_text_named_like_a_workbook_is_refused(text: str) -> None:
    assert refusal(text.encode("gb18030"), ".xlsx") == (
        "file_kind_unknown",
        "后缀是“.xlsx”，内容却不是表格",
        "the suffix is “.xlsx”, but the content is no spreadsheet",
    )


def test_web_page_named_xls_is_read() -> None:
    page = """<html><meta charset=gb2312><body><table border=1>
      <tr><td rowspan=2>村名<td colspan=2>收入</td></tr>
      <tr><th>财政<br>转移支付</th><th>其他&nbsp;补助</th></tr>
      <tr><td>李家村</td><td>1.5</td><td>0.2</td></tr></table></body></html>"""
    (sheet,) = open_workbook(page.encode("gb18030"), ".xls")
    assert sheet.rows == [
        ["村名", "收入", ""],
        ["", "财政\n转移支付", "其他\xa0补助"],
        ["李家村", "1.5", "0.2"],
    ]
    assert sheet.merges == ((0, 0, 1, 0), (0, 1, 0, 2))


def test_web_page_without_a_table_is_refused() -> None:
    assert refusal(b"<html><body>404</body></html>", ".xls")[1] == "是没有表格的网页"


def test_xml_is_refused() -> None:
    assert refusal(b'<?xml version="1.0"?><Workbook/>', ".xls")[1] == "是 XML 文件"
