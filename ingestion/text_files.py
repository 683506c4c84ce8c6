"""Tables in text files (CSV, separated by tabs or semicolons): their encoding, their separators, what is damaged."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from ingestion.far_cells import MOST_CELLS, MOST_COLUMNS
from ingestion.findings import Finding
from ingestion.texts import as_text, cell_address
from ingestion.workbook import Cell, Sheet, WorkbookError

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNREADABLE = "\ufffd"  # in the place of bytes that are no character
_MOST_UNREADABLE = 20
_LEAST_READABLE = 50  # characters beyond ASCII for each that is unreadable: else it is another encoding
_LEAST_OF_CHINESE = 10  # the same where these are common Chinese characters, which no other encoding is taken for
_COMMON = 0.9  # of the characters beyond ASCII
_SURELY_UTF8 = 8  # bytes by which a text is longer than its characters
_BEGINNING = 4096  # characters by which the separator is told
_LINE = re.compile(r"[^\x00-\x08\x0b-\x1f]*")
_TEXT_OF_EXCEL = re.compile(r'="([^"]*)"')  # how a text is written that Excel shall not take for a number


def read_text(content: bytes) -> Sheet:
    """The one table of a text file; raises WorkbookError."""
    text = decode_text(content).rstrip("\x00\x1a")
    if "\x00" in text:
        raise WorkbookError("file_kind_unknown", "不是文本文件", "not a text file")
    first_lines = text[:_BEGINNING]
    separator = "\t" if first_lines.count("\t") > first_lines.count(",") else ","
    if not first_lines.count(separator) and first_lines.count(";"):
        separator = ";"
    rows = _rows(text, separator)
    width = max(map(len, rows), default=0)
    if width > MOST_COLUMNS:
        width = max((column for row in rows for column, cell in enumerate(row, 1) if cell), default=0)
        rows = [row[:width] for row in rows]
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        raise WorkbookError("file_too_large", "行列太多", "it has too many rows and columns")
    if '="' in text:
        rows = [[_TEXT_OF_EXCEL.sub(r"\1", cell) if cell.startswith('="') else cell for cell in row] for row in rows]
    table: list[list[Cell]] = [[*row, *[""] * (width - len(row))] for row in rows]
    return Sheet("", table, damaged=tuple(damaged_cells(table)) if _UNREADABLE in text else ())


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:  # quotes where none belong: most of them mean nothing
        pass
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begin = 1
    try:
        for row in reader:
            if reader.line_num > begin and any("\n" in cell and separator in cell for cell in row):
                raise _cell_without_end(begin)
            rows.append(row)
            begin = reader.line_num + 1
    except csv.Error as error:  # a cell that is longer than any text
        raise _cell_without_end(begin) from error
    return rows


def _cell_without_end(line: int) -> WorkbookError:
    return WorkbookError(
        "file_unreadable",
        f"第 {line} 行有一格没有结束：引号没有成对，或者文字太长",
        f"a cell of line {line} does not end: a quote is not closed, or its text is too long",
    )


def is_table_of_text(content: bytes) -> bool:
    """Whether a file under another name is a CSV file: texts, and as many commas or tabs in every line that has any."""
    try:
        text = decode_text(content)
    except WorkbookError:
        return False
    lines = text[:_BEGINNING].splitlines()[: -1 if len(text) > _BEGINNING else None]
    if not all(map(_LINE.fullmatch, lines)):
        return False
    counts = [[line.count(mark) for line in lines if mark in line] for mark in "\t,"]
    return any(len(found) > 1 and len(set(found)) == 1 for found in counts)


def decode_text(content: bytes) -> str:
    """Text in one of the encodings that returns come in; raises WorkbookError for any other.

    A few damaged bytes cost a character each.
    """
    if content.startswith(_UTF16):
        return _repaired(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        begin = content[: error.start]
        if len(begin) - len(begin.decode()) >= _SURELY_UTF8:
            return _repaired(content, "utf-8-sig")
    try:
        return content.decode("gb18030").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return _repaired(content, "gb18030")


def _repaired(content: bytes, encoding: str) -> str:
    text = content.decode(encoding, "replace")
    unreadable = text.count(_UNREADABLE)
    readable = "".join(filter(_is_readable, text[:1_000_000]))
    common = len(readable.encode("gb2312", "ignore")) // 2
    least = _LEAST_OF_CHINESE if common >= _COMMON * len(readable) else _LEAST_READABLE
    if unreadable > min(_MOST_UNREADABLE, len(readable) // least):
        raise WorkbookError("file_unreadable", "文字编码不是 UTF-8 或 GB18030", "neither UTF-8 nor GB18030 text")
    return text


def _is_readable(character: str) -> bool:
    """Whether it is a character beyond ASCII."""
    return character > "\x7f" and character != _UNREADABLE


def damaged_cells(rows: list[list[Cell]]) -> Iterator[tuple[int, int]]:
    """Where unreadable characters stand."""
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and _UNREADABLE in cell:
                yield row, column


def damage_of(sheet: Sheet) -> list[Finding]:
    """A finding for each cell in which unreadable characters stand."""
    return [
        Finding(
            "text_damaged", sheet.name, cell_address(row, column), row + 1, original=as_text(sheet.rows[row][column])
        )
        for row, column in sheet.damaged
    ]
