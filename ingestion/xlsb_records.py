"""Records of .xlsb, the binary workbook ([MS-XLSB] 2.1.4): which sheets there are, and error cells in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

ERROR_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""What a byte says in the place of a value, in this format and in .xls before it ([MS-XLSB] 2.5.97.2)."""
ANY_ERROR = "#ERROR"

_SHEET, _LAST_SHEET = 156, 144  # BrtBundleSh, BrtEndBundleShs
_ROW, _ERROR, _FORMULA_ERROR, _LAST_ROW = 0, 3, 11, 146  # BrtRowHdr, BrtCellError, BrtFmlaError, BrtEndSheetData
_ROWS, _COLUMNS = 1_048_576, 16_384


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record, up to where the part ends or is cut off."""
    position, end = 0, len(part)
    try:
        while position < end:
            kind = part[position]
            position += 1
            if kind > 0x7F:  # both numbers stand in groups of seven bits, the lowest first
                kind = kind & 0x7F | (part[position] & 0x7F) << 7
                position += 1
            size = part[position]
            position += 1
            if size > 0x7F:
                size &= 0x7F
                for shift in (7, 14, 21):
                    more = part[position]
                    position += 1
                    size |= (more & 0x7F) << shift
                    if more < 0x80:
                        break
            if position + size > end:
                return
            yield kind, part[position : position + size]
            position += size
    except IndexError:
        return


def sheets_of_workbook(part: bytes) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the relationship that leads to it, from the workbook part."""
    for kind, body in records(part):
        if kind == _LAST_SHEET:
            return
        if kind == _SHEET and len(body) > 12:
            relationship, begin = _text(body, 8)
            name, _ = _text(body, begin)
            yield name, relationship


def errors_of_sheet(part: bytes) -> list[tuple[int, int, str]]:
    """The error cells of a sheet, as (row, column, error) from 0: typed in, or what a formula came to."""
    found = []
    row = _ROWS
    for kind, body in records(part):
        if kind == _ROW and len(body) >= 4:
            row = int.from_bytes(body[:4], "little")
        elif kind in (_ERROR, _FORMULA_ERROR) and len(body) >= 9:
            column = int.from_bytes(body[:4], "little")
            if row < _ROWS and column < _COLUMNS:  # elsewhere nothing can stand
                found.append((row, column, ERROR_CODES.get(body[8], ANY_ERROR)))
        elif kind == _LAST_ROW:
            break
    return found


def _text(body: bytes, begin: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends; of none or one that is cut off, what there is."""
    if begin + 4 > len(body):
        return "", len(body)
    (length,) = unpack_from("<I", body, begin)
    begin += 4
    end = begin if length == 0xFFFFFFFF else begin + 2 * length
    return body[begin:end].decode("utf-16-le", "replace"), end
