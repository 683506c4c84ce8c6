"""A sheet whose cells lie too far apart is refused before it is laid out, and told by its corners."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from ingestion.workbook import WorkbookError, open_workbook


def xlsx(*rows: str) -> bytes:
    """A workbook of one sheet that holds these rows as XML."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("经费").write("A1", 1)
    book.close()
    changed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            head, mark, tail = source.read(name).partition(b"</sheetData>")
            target.writestr(name, head + "".join(rows).encode() + mark + tail)
    return changed.getvalue()


def ods(*rows: str, packed: int = zipfile.ZIP_STORED) -> bytes:
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    before = "<table:table table:name='空'><table:table-row/></table:table>"
    table = f'{before}<table:table table:name="经费">{"".join(rows)}</table:table>'
    content = f"<office:document-content{names}><office:body><office:spreadsheet>{table}"
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry/></m:manifest>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packed) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"{content}</office:spreadsheet></office:body></office:document-content>")
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def ods_row(text: str, rows: int = 1, columns: int = 1) -> str:
    value = ' office:value-type="string"' if text else ""
    inner = f"<text:p>{text}</text:p>" if text else ""
    return (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell{value}'
        f' table:number-columns-repeated="{columns}">{inner}</table:table-cell></table:table-row>'
    )


CELL = '<c r="XFD1048576"><v>1</v></c>'
TEXT = '<c r="ABC999999" t="inlineStr"><is><t>x</t></is></c>'


@pytest.mark.parametrize(
    ("content", "corners"),
    [
        (xlsx(f'<row r="1048576">{CELL}</row>'), ("A1", "XFD1048576")),
        (xlsx(f'<row r="999999" spans="1:9">{TEXT}</row>'), ("A1", "ABC999999")),
        (xlsx('<row r="5"><c r="XFD5"><f>1+1</f><v>2</v></c></row>', '<row r="9999"><c r="B9999"><v>0</v></c></row>'),
         ("A1", "XFD9999")),
        (ods(ods_row("x", 100_000, 1000)), ("A1", "ALL100000")),
        (ods(ods_row("x", 100_000, 1000), packed=zipfile.ZIP_DEFLATED), ("A1", "ALL100000")),
        (ods(ods_row("x"), ods_row("", 999_998), ods_row("y", 1, 900)), ("A1", "AHP1000000")),
    ],
)  # fmt: skip
def test_far_cells_are_told_by_their_corners(content: bytes, corners: tuple[str, str]) -> None:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(content, ".xlsx")
    first, last = corners
    assert (caught.value.code, caught.value.reason_zh) == (
        "file_too_large",
        f"工作表里有内容的单元格从 {first} 一直到 {last}，离得太远；请删去远处多余的内容",
    )


@pytest.mark.parametrize("place", ["A4294967295", "ZZZZZZ9", "XFE9", "A1048577", "C220102195511260191"])
@pytest.mark.parametrize("below", ["", '<row r="1048576"><c r="A1048576"><v>2</v></c></row>'], ids=["last", "above"])
def test_place_that_no_sheet_has_is_refused_and_not_repeated(place: str, below: str) -> None:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(xlsx(f'<row r="9"><c r="{place}"><v>1</v></c></row>{below}'), ".xlsx")
    assert (caught.value.code, caught.value.reason_zh, caught.value.reason_en) == (
        "file_too_large",
        "工作表里有单元格的位置超出 XFD1048576（任何工作表的最后一格）",
        "a cell of a sheet has a place beyond XFD1048576, the last that any sheet has",
    )


@pytest.mark.parametrize(
    ("content", "rows", "last"),
    [
        (xlsx('<row r="1048576"><c r="XFD1048576" s="0"/></row>'), 1, [1]),
        (xlsx('<row r="1048576"><c r="A1048576"><v>2</v></c></row>'), 1_048_576, [2]),
        (xlsx('<row r="3"><c r="XFD3"><v>2</v></c></row>'), 3, [*[""] * 16_383, 2]),
        (ods(ods_row("x"), ods_row("", 1_048_575, 1024)), 1, ["x"]),
        (ods(ods_row("x"), ods_row("", 999_998), ods_row("y", 1, 2)), 1_000_000, ["y", "y"]),
    ],
)  # fmt: skip
def test_what_is_empty_out_there_is_no_matter(content: bytes, rows: int, last: list[object]) -> None:
    sheet = open_workbook(content, ".xlsx")[-1]
    assert len(sheet.rows) == rows
    assert sheet.rows[-1] == last
