"""What calamine hands over as empty cells, and would hide: error values (#REF!, #N/A …), formulas never computed."""

from __future__ import annotations

import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from struct import unpack_from

from ingestion.far_cells import refuse_far_cells
from ingestion.plain_xml import UnusualXmlError, is_unusual
from ingestion.sheet_parts import sheet_parts
from ingestion.xlsb_records import ANY_ERROR, ERROR_CODES, errors_of_sheet
from ingestion.zip_directory import entries

Errors = dict[str, list[tuple[int, int, str]]]  # sheet → (row, column, error), counted from 0

_ERROR_TYPE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\bt="e"[^>]*>')
_CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
# A cell that holds a formula: its attributes, the formula, and what stands behind it up to the cell's end.
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b([^>]*?)(?:/>|>([^<]*)</(?:\w+:)?f>)(?=(\s*.{0,24}))", re.DOTALL
)
_NO_VALUE = re.compile(rb"\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</)")
_NOT_COMPUTED = "公式未计算"
_ERROR_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_FILE_PASS, _FIRST_RECORDS = 0x002F, 20
_BOUND_SHEET, _BEGIN, _BOOL_OR_ERROR, _FORMULA = 0x0085, (0x0809, 0x0409, 0x0209, 0x0009), 0x0205, 0x0006


def errors_of_xlsx(content: bytes, sheet_count: int) -> Errors:
    """The error cells of every sheet of an xlsx or xlsb workbook, and the formulas whose value was never computed.

    Raises UnusualXmlError for a sheet that is to be written again before it is read, FarCellsError for one too large.
    """
    by_part = {path: _errors_of_part(xml) for path, xml in _sheet_parts(content)}
    if len(by_part) >= sheet_count and not any(by_part.values()):
        return {}
    found: Errors = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in sheet_parts(archive) or ():
            if part.entry is None or part.name in found:
                continue
            errors = by_part.get(part.entry.filename)
            if errors is None:  # a binary part, or one that is called otherwise than usual
                read = errors_of_sheet if part.is_binary else _errors_of_part
                errors = by_part[part.entry.filename] = read(archive.read(part.entry))
            found[part.name] = errors
    return found


def _errors_of_part(xml: bytes) -> list[tuple[int, int, str]]:
    # One letter is found fifty times as fast as a word, and most sheets hold neither of these among their cells.
    begin, end = xml.find(b"sheetData") + 9, xml.rfind(b"sheetData")
    if is_unusual(xml, begin, end):
        raise UnusualXmlError
    refuse_far_cells(xml, begin, end)
    has_errors = xml.find(b"e", begin, end) >= 0 and b't="e"' in xml
    has_formulas = xml.find(b"f", begin, end) >= 0 and _may_lack_values(xml)
    if not has_errors and not has_formulas:
        return []
    return [*(_errors_in(xml) if has_errors else ()), *(_not_computed(xml) if has_formulas else ())]


def _may_lack_values(xml: bytes) -> bool:
    """Whether a closer look is due: not when the text of every formula is followed by a value."""
    formulas = xml.count(b"</f>")
    return not formulas or xml.count(b"</f><v>") != formulas or b"<v></v>" in xml or b' si="' in xml or b"<f/>" in xml


def _not_computed(xml: bytes) -> Iterator[tuple[int, int, str]]:
    """Formulas that a program wrote and none has computed; one whose result is an empty text has been."""
    for found in _FORMULA_CELL.finditer(xml):
        attributes, _, formula, behind = found.groups()
        reference = _CELL_REFERENCE.search(attributes)
        if reference and _NO_VALUE.match(behind) and b't="str"' not in attributes:
            text = html.unescape(formula.decode("utf-8", "replace")) if formula else ""
            yield *_place(reference), f"{_NOT_COMPUTED} ={text}" if text else _NOT_COMPUTED


def _errors_in(xml: bytes) -> Iterator[tuple[int, int, str]]:
    for found in _ERROR_TYPE.finditer(xml):
        reference = _CELL_REFERENCE.search(found[0])
        is_closed = found[0].endswith(b"/>")
        value = None if is_closed else _ERROR_VALUE.search(xml, found.end(), found.end() + 2000)
        if reference:
            yield *_place(reference), value[1].decode("utf-8", "replace") if value else ANY_ERROR


def _place(reference: re.Match[bytes]) -> tuple[int, int]:
    column = 0
    for letter in reference[1]:
        column = column * 26 + letter - 64
    return int(reference[2]) - 1, column - 1


def _sheet_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The XML of every sheet; by the archive's directory, or by zipfile where that is not as usual."""
    try:
        yield from _parts_by_hand(content)
    except (struct.error, ValueError, zlib.error):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    yield name, archive.read(name)


def _parts_by_hand(content: bytes) -> Iterator[tuple[str, bytes]]:
    for entry in entries(content):
        if content.startswith(b"xl/worksheets/", entry.name_begin) and content.startswith(b".xml", entry.name_end - 4):
            name, extra = unpack_from("<HH", content, entry.begin + 26)
            begin = entry.begin + 30 + name + extra
            data = content[begin : begin + entry.packed]
            if entry.method == 8:  # no further than it says: one that denies its size is refused by whoever reads it
                data = zlib.decompressobj(-15).decompress(data, entry.unpacked or 1)
            elif entry.method:
                raise ValueError(entry.method)
            yield content[entry.name_begin : entry.name_end].decode(), data


def errors_of_xls(content: bytes, sheet_names: list[str]) -> Errors:
    """The error cells of every sheet of an xls workbook, from its BIFF records ([MS-XLS] 2.4.24, 2.4.127)."""
    stream = _workbook_stream(content)
    places: list[int] = []
    found: Errors = {}
    current: list[tuple[int, int, str]] | None = None
    position = 0
    while position + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, position)
        body = position + 4
        if kind == _BOUND_SHEET and size >= 4:
            places.append(unpack_from("<I", stream, body)[0])
        elif kind in _BEGIN and position in places and places.index(position) < len(sheet_names):
            current = found.setdefault(sheet_names[places.index(position)], [])
        elif current is not None and kind == _BOOL_OR_ERROR and size >= 8 and stream[body + 7] == 1:
            row, column = unpack_from("<HH", stream, body)
            current.append((row, column, ERROR_CODES.get(stream[body + 6], ANY_ERROR)))
        elif current is not None and kind == _FORMULA and size >= 14 and stream[body + 6] == 2:
            row, column = unpack_from("<HH", stream, body)
            if stream[body + 12 : body + 14] == b"\xff\xff":
                current.append((row, column, ERROR_CODES.get(stream[body + 8], ANY_ERROR)))
        position = body + size
    return found


def is_encrypted_xls(content: bytes) -> bool:
    """Whether an xls workbook begins with a FILEPASS record ([MS-XLS] 2.4.117)."""
    stream = _workbook_stream(content)
    position = 0
    for _ in range(_FIRST_RECORDS):
        if position + 4 > len(stream):
            return False
        kind, size = unpack_from("<HH", stream, position)
        if kind == _FILE_PASS:
            return True
        position += 4 + size
    return False


def _workbook_stream(content: bytes) -> bytes:
    """The stream that holds the records: of an OLE container, or the bare records of an old file."""
    if not content.startswith(b"\xd0\xcf\x11\xe0"):
        return content
    import olefile  # type: ignore[import-untyped]

    with olefile.OleFileIO(io.BytesIO(content)) as container:
        for name in ("Workbook", "Book"):
            if container.exists(name):
                stream: bytes = container.openstream(name).read()
                return stream
    return b""
