"""Workbooks of one sheet as Excel 95 and Excel 97 write them ([MS-XLS] 2.4), naming any code page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from struct import pack

from xlwt.CompoundDoc import XlsDoc

EXCEL_95, EXCEL_97 = 0x0500, 0x0600


def xls_of(
    version: int,
    code_page: int | None,
    rows: Sequence[Sequence[object]],
    encoding: str = "gb18030",
    sheet_name: str = "表一",
) -> bytes:
    """A workbook of these texts and numbers; Excel 95 writes texts in `encoding`, Excel 97 in Unicode."""
    begin = _record(0x0809, pack("<HHHH", version, 5, 0x0DBB, 0x07CC) + bytes(8 if version == EXCEL_97 else 0))
    if code_page is not None:
        begin += _record(0x0042, pack("<H", code_page))
    name = _text(version, sheet_name, encoding, "<B")
    first = len(begin) + 4 + 6 + len(name) + 4
    begin += _record(0x0085, pack("<IH", first, 0) + name) + _record(0x000A)
    begin += _record(0x0809, pack("<HHHH", version, 16, 0x0DBB, 0x07CC) + bytes(8 if version == EXCEL_97 else 0))
    cells = b"".join(
        _record(0x0203, pack("<HHHd", row, column, 0, cell))
        if isinstance(cell, float | int)
        else _record(0x0204, pack("<HHH", row, column, 0) + _text(version, str(cell), encoding, "<H"))
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
        if cell != ""
    )
    buffer = io.BytesIO()
    XlsDoc().save(buffer, (begin + cells + _record(0x000A)).ljust(4096, b"\0"))
    return buffer.getvalue()


def _record(kind: int, body: bytes = b"") -> bytes:
    return pack("<HH", kind, len(body)) + body


def _text(version: int, text: str, encoding: str, length: str) -> bytes:
    """A text with its length before it: in bytes, or in characters and that each takes two bytes."""
    if version == EXCEL_97:
        return pack(length, len(text)) + b"\x01" + text.encode("utf-16-le")
    return pack(length, len(text.encode(encoding))) + text.encode(encoding)
