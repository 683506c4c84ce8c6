"""Files that cost whoever reads them dear, each around a mark of its own, so that no two are the same bytes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

_SHEET, _TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_MEGABYTE = 1 << 20


def workbook(mark: str) -> bytes:
    """A small workbook, to be spoilt."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("运转经费")
    for row, cells in enumerate((["2014年第一季度运转经费统计表"], ["村名", "财政转移支付"], [mark, 1.5])):
        sheet.write_row(row, 0, cells)
    book.close()
    return buffer.getvalue()


def blanks(mark: str) -> bytes:
    """Half a gigabyte of blanks in a sheet: a zip bomb."""
    return _with_blanks(mark, 512)


def blanks_denied(mark: str) -> bytes:
    """Half a gigabyte of blanks, and a directory that says it is a kilobyte."""
    content = bytearray(_with_blanks(mark, 512))
    for signature, name_at, size_at in ((b"PK\x01\x02", 46, 24), (b"PK\x03\x04", 30, 22)):
        position = content.find(signature)
        while position >= 0:
            if content.startswith(_SHEET.encode(), position + name_at):
                struct.pack_into("<I", content, position + size_at, 1024)
            position = content.find(signature, position + 4)
    return bytes(content)


def rows(mark: str) -> bytes:
    """Two million rows of cells, three hundred megabytes unpacked to a few hundred kilobytes."""
    cells = b'<row><c t="n"><v>1</v></c><c t="n"><v>22</v></c><c t="n"><v>333</v></c></row>'
    return _edited(mark, _SHEET, b"</sheetData>", cells * 2_000_000 + b"</sheetData>")


def sheets_of_one_part(mark: str) -> bytes:
    """A thousand sheets that all show one part of thirty megabytes, most of them blanks."""
    names = b"".join(b'<sheet name="%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(2, 1001))
    return _edited(mark, "xl/workbook.xml", b"</sheets>", names + b"</sheets>", _with_blanks(mark, 30))


def corners(mark: str) -> bytes:
    """Two cells in opposite corners of the largest sheet there is."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return _edited(mark, _SHEET, b"</sheetData>", far)


def corners_turned(mark: str) -> bytes:
    """The same with the last row first, which nothing tells beforehand."""
    far = b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return _edited(mark, _SHEET, b"<sheetData>", far)


def long_text(mark: str) -> bytes:
    """A text of a megabyte in two thousand cells: nothing large is in the file, each cell gets a copy."""
    return _texts(mark, _MEGABYTE, 2000)


def repeated_text(mark: str) -> bytes:
    """A text of two hundred kilobytes in five thousand cells: small by every measure but what it becomes."""
    return _texts(mark, 200 << 10, 5000)


def far_cells_xls(mark: str) -> bytes:
    """Two cells in opposite corners of the largest sheet that the old format has."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("运转经费")
    sheet.write(0, 0, mark)
    sheet.write(65535, 255, 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def far_cells_xlsb(mark: str) -> bytes:
    """Two cells far from one another, in the binary format."""
    rows = b"".join(
        binary_record(0, struct.pack("<II", row, 0) + bytes(9)) + binary_record(5, struct.pack("<IId", column, 0, 1.0))
        for row, column in ((0, 0), (1_000_000, 16_000))
    )
    return binary_workbook(mark, rows)


def binary_workbook(mark: str, rows: bytes) -> bytes:
    """A workbook of one sheet in the binary format; `rows` are the records of its rows and cells."""
    name, relation = "甲".encode("utf-16-le"), "rId1".encode("utf-16-le")
    sheet_named = struct.pack("<III", 0, 1, 4) + relation + struct.pack("<I", 1) + name
    sheets = binary_record(0x8F) + binary_record(0x9C, sheet_named) + binary_record(0x90)
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "mark": mark.encode(),
        "xl/workbook.bin": binary_record(0x83) + sheets + binary_record(0x84),
        "xl/_rels/workbook.bin.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
        ).encode(),
        "xl/worksheets/sheet1.bin": (
            binary_record(0x81)
            + binary_record(0x94, struct.pack("<IIII", 0, 1_000_000, 0, 16_000))
            + binary_record(0x91)
            + rows
            + binary_record(0x92)
            + binary_record(0x82)
        ),
    }
    return _zipped(parts)


def binary_record(kind: int, body: bytes = b"") -> bytes:
    """A record of the binary format ([MS-XLSB] 2.1.4): kind and size in groups of seven bits."""
    head = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 0x7F else bytes([kind])
    size = len(body)
    sizes = bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])
    return head + sizes + body


def repeated_ods(mark: str) -> bytes:
    """A cell that an .ods repeats over millions of rows and columns."""
    table = (
        '<table:table table:name="甲"><table:table-row table:number-rows-repeated="100000">'
        '<table:table-cell table:number-columns-repeated="1000" office:value-type="string"><text:p>'
        f"{mark}</text:p></table:table-cell></table:table-row></table:table>"
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = f"<office:document-content{names}><office:body><office:spreadsheet>{table}"
    content += "</office:spreadsheet></office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry/></m:manifest>'
    return _zipped({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def merged(mark: str) -> bytes:
    """Thousands of merges, each over the whole of the largest sheet there is: seventeen billion cells."""
    merges = b'<mergeCell ref="A1:XFD1048576"/>' * 5000
    return _edited(mark, _SHEET, b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")


def wide(mark: str) -> bytes:
    """Cells enough of a sheet to take long, too few to be refused."""
    far = b'<row r="1000"><c r="AMJ1000"><v>1</v></c></row></sheetData>'
    return _edited(mark, _SHEET, b"</sheetData>", far)


def entities(mark: str) -> bytes:
    """Entities within entities, a billion laughs."""
    laughs = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    return _edited(mark, _TEXTS, b"<sst", b'<!DOCTYPE x [<!ENTITY a "ha">' + laughs + b"]><sst")


def long_csv(mark: str) -> bytes:
    """A million lines."""
    return f"村名,财政转移支付\r\n{mark},1\r\n".encode() + b"111,222,333,444,555\r\n" * 1_000_000


def spans(mark: str) -> bytes:
    """A page whose cells each claim two hundred rows and columns."""
    cell = '<td rowspan="200" colspan="200">1</td>'
    return f"<html><table><tr><td>{mark}</td></tr><tr>{cell * 20_000}</tr></table></html>".encode()


def damaged(mark: str) -> bytes:
    """A workbook that was not transferred to its end."""
    return workbook(mark)[:-600]


KINDS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "zip bomb, blanks": (".xlsx", blanks),
    "zip bomb that denies it": (".xlsx", blanks_denied),
    "zip bomb, rows": (".xlsx", rows),
    "zip bomb, many sheets of one part": (".xlsx", sheets_of_one_part),
    "cells in far corners": (".xlsx", corners),
    "far corners, last row first": (".xlsx", corners_turned),
    "long text in many cells": (".xlsx", long_text),
    "shorter text in more cells": (".xlsx", repeated_text),
    "far corners, xls": (".xls", far_cells_xls),
    "far corners, xlsb": (".xlsb", far_cells_xlsb),
    "repeated cells, ods": (".ods", repeated_ods),
    "merges of everything": (".xlsx", merged),
    "a million empty cells": (".xlsx", wide),
    "XML bomb": (".xlsx", entities),
    "CSV of a million lines": (".csv", long_csv),
    "web page of wide cells": (".xls", spans),
    "truncated": (".xlsx", damaged),
}
"""By what the table of the benchmark calls them: suffix, and how one is made around a mark of its own."""


def _with_blanks(mark: str, megabytes: int) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(workbook(mark)))
    buffer = io.BytesIO()
    with source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            before, mark_, after = source.read(name).partition(b"<sheetData>")
            with target.open(name, "w") as part:
                part.write(before + mark_)
                for _ in range(megabytes if name == _SHEET else 0):
                    part.write(b" " * _MEGABYTE)
                part.write(after)
    return buffer.getvalue()


def _edited(mark: str, part: str, old: bytes, new: bytes, content: bytes = b"") -> bytes:
    source = zipfile.ZipFile(io.BytesIO(content or workbook(mark)))
    buffer = io.BytesIO()
    with source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            held = source.read(name)
            target.writestr(name, held.replace(old, new, 1) if name == part else held)
    return buffer.getvalue()


def _texts(mark: str, size: int, cells: int) -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(10, 10 + cells))
    content = _edited(mark, _SHEET, b"</sheetData>", rows + b"</sheetData>")
    return _edited(mark, _TEXTS, b"<si><t>", b"<si><t>" + b"x" * size, content)


def _zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()
