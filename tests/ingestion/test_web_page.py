"""Web pages named .xls, written as carelessly as systems write them."""

from __future__ import annotations

import pytest

from ingestion.workbook import Sheet, WorkbookError, open_workbook

HEAD, FIRST, SECOND = ["村名", "收入"], ["李家村", "1.5"], ["王家村", "2"]
ROWS = [HEAD, FIRST, SECOND]


def table(*rows: list[str]) -> str:
    return "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>"


def sheets(page: str) -> list[Sheet]:
    return open_workbook(f"<html><body>{page}".encode("gb18030"), ".xls")


def rows(page: str) -> list[list[object]]:
    (sheet,) = sheets(page)
    return sheet.rows


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>村名<td>收入<tr><td>李家村<td>1.5<tr><td>王家村<td>2</table>",
        "<table><td>村名</td><td>收入</td></tr><td>李家村</td><td>1.5</td></tr><td>王家村</td><td>2</td></tr></table>",
        table(*ROWS).removesuffix("</table>"),
        table(*ROWS).replace("<td>", "<td><script>document.write('9')</script><style>td{}</style>"),
        table(*ROWS).replace("</td>", "<span style='display: none'>9<b>9</b></span></td>"),
        table(*ROWS).replace("</td>", "<span style='display:none'>9</td>"),
        f"<script>if (a<b) show('<table>')</script><table><tr><td>{table(*ROWS)}</td></tr></table>",
        f"<div><a href='#t1'>表1</a>{table(*ROWS)}</div>",
        "<table><tr><td>村名<td>收入<tr><td>李家村<td x:num='1.5'>2<tr><td>王家村<td sdval='2'>2.0</table>",
        "<table><tr><td>村名<td>收入<tr><td>李家村<td><input value=1.5><input type=hidden value=7>\
<tr><td>王家村<td><select><option>1<option selected>2</select></table>",
        "<table><tr><td colspan=²>村名<td colspan="
        + "9" * 5000
        + "x>收入<tr><td>李家村<td>1.5<tr><td>王家村<td>2</table>",
    ],
    ids=[
        "nothing closed",
        "rows not begun",
        "table not closed",
        "scripts in cells",
        "hidden texts",
        "hidden text not closed",
        "table that lays out",
        "list of sheets",
        "rounded numbers",
        "form to fill in",
        "spans that are no numbers",
    ],
)
def test_cells_are_what_a_browser_shows(page: str) -> None:
    assert rows(page) == ROWS


def test_title_and_unit_outside_the_table_stand_above_it_and_notes_below() -> None:
    page = f"<h1>青石镇 <b>运转经费</b></h1><p>单位：万元</p>{table(*ROWS)}<p>注：一季度</p>"
    assert rows(page) == [["青石镇 运转经费", ""], ["单位：万元", ""], *ROWS, ["注：一季度", ""]]


def test_header_in_a_table_of_its_own_stands_above_the_rows() -> None:
    assert rows(table(HEAD) + table(FIRST, SECOND)) == ROWS


def test_long_tables_are_sheets_of_their_own_each_with_the_title_above_it() -> None:
    long = [HEAD, FIRST, SECOND, FIRST, SECOND]
    first, second = sheets(f"<p>甲</p>{table(*long)}<p>乙</p>{table(*long)}")
    assert (first.name, first.rows) == ("Table1", [["甲", ""], *long])
    assert (second.name, second.rows) == ("Table2", [["乙", ""], *long])


def test_what_a_small_table_in_a_cell_holds_is_the_text_of_the_cell() -> None:
    inner = "<table><tr><td>李家村</td></tr></table>"
    assert rows(f"<table><tr><td>村名<td>收入<tr><td>{inner}<td>1.5</table>") == [HEAD, FIRST]


def test_sheet_has_the_name_that_excel_gave_the_page() -> None:
    name = "<!--[if gte mso 9]><xml><x:Name>运转经费2014</x:Name></xml><![endif]-->"
    assert sheets(name + table(*ROWS))[0].name == "运转经费2014"


def test_sheets_of_an_archive_have_their_names() -> None:
    book = "<x:Name>甲</x:Name><x:WorksheetSource HRef='a.files/sheet001.htm'/>"
    parts = {"a.htm": f"<!-- {book} -->", "a.files/sheet001.htm": table(*ROWS), "a.files/sheet002.htm": table(*ROWS)}
    archive = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n' + "".join(
        f"--b\r\nContent-Location: file:///C:/{place}\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"Content-Type: text/html\r\n\r\n{page}\r\n"
        for place, page in parts.items()
    )
    found = open_workbook(archive.encode("gb18030"), ".xls")
    assert [(sheet.name, sheet.rows) for sheet in found] == [("甲", ROWS), ("Table2", ROWS)]


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(content, ".xls")
    return caught.value.code, caught.value.reason_en


def test_page_that_ends_within_a_cell_was_cut_off() -> None:
    assert refusal(b"<table><tr><td>1</td></tr><tr><td>2") == ("file_unreadable", "the page ends within a cell")


def test_tables_nested_without_end_are_refused() -> None:
    assert refusal(b"<table><tr><td>" * 1000)[0] == "file_too_large"


def test_parts_of_an_archive_nested_without_end_are_refused() -> None:
    nested = b"".join(b'Content-Type: multipart/related; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000))
    assert refusal(b"MIME-Version: 1.0\r\n" + nested)[0] == "file_unreadable"
