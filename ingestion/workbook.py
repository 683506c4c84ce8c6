"""Opening spreadsheets: bytes in, sheets of plain cells out. Nothing in a workbook is ever evaluated."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

import python_calamine

Cell = object  # str, float, int, bool, date, datetime, time, timedelta or ERROR; "" when empty
Row = Sequence[Cell]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_TEXT_SUFFIXES = (".csv", ".txt", ".tsv")

# A cell of type "e" holds an error value such as #REF!; calamine hands it over as an empty text.
_ERROR_TYPE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\bt="e"[^>]*>')
_CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_ERROR_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A spreadsheet error such as #REF!, in the place of a value."""

    text: str

    def __str__(self) -> str:
        return self.text


class WorkbookError(Exception):
    """A file that cannot be read as a spreadsheet; `code` is a finding code, `reason` a Chinese and English text."""

    def __init__(self, code: str, reason_zh: str = "", reason_en: str = "") -> None:
        super().__init__(reason_en or code)
        self.code = code
        self.reason_zh = reason_zh
        self.reason_en = reason_en


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: cells from A1 on, every row equally long; merges as (first row, first column, last row, last)."""

    name: str
    rows: list[list[Cell]]
    merges: tuple[tuple[int, int, int, int], ...] = field(default=())


def open_workbook(content: bytes, suffix: str) -> list[Sheet]:
    """Read every sheet of a workbook or the one table of a CSV file.

    `suffix` is the file name's ending with its dot; the content decides between workbook and text. Raises WorkbookError
    for what is not a spreadsheet.
    """
    if not content:
        raise WorkbookError("file_empty")
    if content.startswith((_ZIP, _OLE, *_BIFF)):
        return _read_calamine(content)
    if suffix.lower() in _TEXT_SUFFIXES:
        return [Sheet("", _read_csv(content))]
    raise WorkbookError(
        "file_kind_unknown",
        f"后缀是“{suffix}”，内容却不是表格",
        f"the suffix is “{suffix}”, but the content is no spreadsheet",
    )


def _read_calamine(content: bytes) -> list[Sheet]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(content))
        sheets = [_read_sheet(workbook, name) for name in workbook.sheet_names]
    except python_calamine.PasswordError as error:
        raise WorkbookError("file_encrypted") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine's panics are not Exceptions
        reason = str(error) or type(error).__name__
        raise WorkbookError("file_unreadable", _chinese_reason(content), reason) from error
    if content.startswith(_ZIP):
        _restore_errors(content, sheets)
    return sheets


def _read_sheet(workbook: python_calamine.CalamineWorkbook, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    merges = sheet.merged_cell_ranges
    return Sheet(name, rows, tuple((*start, *end) for start, end in merges) if merges else ())


def _chinese_reason(content: bytes) -> str:
    if content.startswith(_ZIP) and not zipfile.is_zipfile(io.BytesIO(content)):
        return "文件不完整，可能没有传完"
    return "文件已损坏，或不是工作簿"


def _restore_errors(content: bytes, sheets: list[Sheet]) -> None:
    """Put the error values of an xlsx workbook, which calamine leaves empty, back into their cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        paths: dict[str, str] | None = None
        for path in sorted(name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")):
            xml = archive.read(path)
            if b't="e"' not in xml:
                continue
            paths = paths or _sheet_paths(archive)
            for sheet in sheets:
                if paths.get(sheet.name) == path:
                    _restore_sheet_errors(xml, sheet.rows)


def _restore_sheet_errors(xml: bytes, rows: list[list[Cell]]) -> None:
    for found in _ERROR_TYPE.finditer(xml):
        reference = _CELL_REFERENCE.search(found[0])
        value = _ERROR_VALUE.search(xml, found.end(), found.end() + 2000)
        if not reference:
            continue
        column = 0
        for letter in reference[1]:
            column = column * 26 + letter - 64
        row = int(reference[2]) - 1
        if row < len(rows) and column <= len(rows[row]):
            rows[row][column - 1] = ErrorValue(value[1].decode("utf-8", "replace") if value else "#ERROR")


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part of the archive holds which sheet, from the workbook part and its relationships."""
    workbook = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
        identifier = re.search(r'\bId="([^"]*)"', tag)
        target = re.search(r'\bTarget="([^"]*)"', tag)
        if identifier and target:
            path = target[1]
            targets[identifier[1]] = path[1:] if path.startswith("/") else f"xl/{path}"
    paths = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", workbook):
        name = re.search(r'\bname="([^"]*)"', tag)
        identifier = re.search(r'\b\w+:id="([^"]*)"', tag)
        if name and identifier and identifier[1] in targets:
            paths[_unescape(name[1])] = targets[identifier[1]]
    return paths


def _unescape(text: str) -> str:
    import html

    return html.unescape(text)


def _read_csv(content: bytes) -> list[list[Cell]]:
    text = _decode(content)
    if "\x00" in text:
        raise WorkbookError("file_kind_unknown", "不是文本文件", "not a text file")
    first_lines = text[:4096]
    delimiter = "\t" if first_lines.count("\t") > first_lines.count(",") else ","
    if not first_lines.count(delimiter) and first_lines.count(";"):
        delimiter = ";"
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise WorkbookError("file_unreadable", "CSV 格式有误", str(error)) from error
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _decode(content: bytes) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if is_utf16 else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError("file_unreadable", "文字编码不是 UTF-8 或 GB18030", "neither UTF-8 nor GB18030 text")
