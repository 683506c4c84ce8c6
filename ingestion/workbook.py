"""Opening spreadsheets: bytes in, sheets of plain cells out. Nothing in a workbook is ever evaluated."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import python_calamine

from ingestion.error_cells import Errors, errors_of_xls, errors_of_xlsx, is_encrypted_xls
from ingestion.far_cells import MOST_CELLS, MOST_COLUMNS, FarCellsError, refuse_far_cells_of_ods
from ingestion.plain_xml import plainly_written
from ingestion.unpacked import MOST_UNPACKED, is_bomb, is_bomb_of_sheets
from ingestion.zip_directory import ZIP

Cell = object  # str, float, int, bool, date, datetime, time, timedelta or ErrorValue; "" when empty
Row = Sequence[Cell]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_ODS_PART = b"content.xml"
_TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
_PAGE_MARKS = (b"<html", b"<table", b"<!doctype html")
_DENIED_SIZE = "larger than its declared"
_HEAD = 2048
_TOO_LARGE = f"解压后超过 {MOST_UNPACKED >> 20} MB", f"it unpacks to more than {MOST_UNPACKED >> 20} MB"


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A spreadsheet error such as #REF!, in the place of a value."""

    text: str

    def __str__(self) -> str:
        return self.text


class WorkbookError(Exception):
    """A file that cannot be read as a spreadsheet; `code` is a finding code, the reason Chinese and English."""

    def __init__(self, code: str, reason_zh: str = "", reason_en: str = "") -> None:
        super().__init__(reason_en or code)
        self.code = code
        self.reason_zh = reason_zh
        self.reason_en = reason_en


class Sheet(NamedTuple):
    """One sheet: cells from A1 on, every row equally long; merges as (first row, first column, last row, last).

    `damaged` are the places (row, column) of texts in which characters could not be read.
    """

    name: str
    rows: list[list[Cell]]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    damaged: tuple[tuple[int, int], ...] = ()


def open_workbook(content: bytes, suffix: str) -> list[Sheet]:
    """Read every sheet of a workbook or the one table of a CSV file.

    `suffix` is the file name's ending with its dot; the content decides between workbook, web page and text. Raises
    WorkbookError for what is not a spreadsheet.
    """
    if not content:
        raise WorkbookError("file_empty")
    if content.startswith((ZIP, _OLE, *_BIFF)):
        return _read_calamine(content)
    from ingestion.text_files import is_table_of_text, read_text

    head, is_text = content[:_HEAD].lower(), suffix.lower() in _TEXT_SUFFIXES
    begins_with_tag = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<")
    if b"mime-version:" in head and not is_text:
        from ingestion.web_page import read_web_archive

        return read_web_archive(content)
    if (begins_with_tag and not is_text) or any(mark in head for mark in _PAGE_MARKS):
        from ingestion.web_page import read_web_page

        return read_web_page(content)
    if is_text or is_table_of_text(content):
        return [read_text(content)]
    raise WorkbookError(
        "file_kind_unknown",
        f"后缀是“{suffix}”，内容却不是表格",
        f"the suffix is “{suffix}”, but the content is no spreadsheet",
    )


def _read_calamine(content: bytes, *, decrypted: bool = False, rewritten: bool = False) -> list[Sheet]:
    if is_bomb(content):
        raise WorkbookError("file_too_large", *_TOO_LARGE)
    codec = ""
    if content.startswith(_OLE):
        from ingestion.code_page import read_by, with_readable_code_page

        content, codec = with_readable_code_page(content)
    document = b""
    if content.startswith(ZIP) and _ODS_PART in content:
        from ingestion.ods_cells import document_of_ods, mend_ods

        document = document_of_ods(content)
    try:
        refuse_far_cells_of_ods(document)
        workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(content))
        names = workbook.sheet_names
        if is_bomb_of_sheets(content, len(names)):
            raise WorkbookError("file_too_large", *_TOO_LARGE)
        is_zip = content.startswith(ZIP)
        errors = errors_of_xlsx(content, len(names)) if is_zip else errors_of_xls(content, names)
        sheets = [_read_sheet(workbook, name) for name in names]
    except FarCellsError as far:
        raise WorkbookError("file_too_large", far.reason_zh, far.reason_en) from far
    except (KeyboardInterrupt, SystemExit, MemoryError, WorkbookError):
        raise
    except python_calamine.PasswordError:
        return _read_encrypted(content)
    except BaseException as error:  # calamine's panics are not Exceptions
        if content.startswith(ZIP) and not rewritten:
            with suppress(ValueError, WorkbookError):
                return _read_calamine(plainly_written(content), decrypted=decrypted, rewritten=True)
        if content.startswith(_OLE) and not decrypted and _is_encrypted(content):
            return _read_encrypted(content)
        if content.startswith(ZIP) and _is_encrypted_ods(content):
            raise WorkbookError("file_encrypted") from error
        reason = str(error) or type(error).__name__
        if _DENIED_SIZE in reason:
            raise WorkbookError("file_too_large", "解压后比它自称的大", "it unpacks to more than it says") from error
        raise WorkbookError("file_unreadable", _chinese_reason(content), reason) from error
    if not sheets:
        raise WorkbookError("file_unreadable", "里面没有工作表", "it holds no sheet")
    _put_errors(errors, sheets)
    if codec:
        sheets = read_by(codec, sheets)
    if document:
        mend_ods(document, sheets)
    return sheets


def _read_sheet(workbook: python_calamine.CalamineWorkbook, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    _refuse_huge(name, sheet.total_height + 1, sheet.total_width + 1)  # it tells the last row and column, from 0
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    merges = sheet.merged_cell_ranges
    return Sheet(name, rows, tuple((*start, *end) for start, end in merges) if merges else ())


def _put_errors(errors: Errors, sheets: list[Sheet]) -> None:
    """Put error values, which calamine leaves empty or leaves out, into their cells."""
    for sheet in sheets:
        found = errors.get(sheet.name)
        if found:
            _grow(sheet, 1 + max(row for row, _, _ in found), 1 + max(column for _, column, _ in found))
            for row, column, text in found:
                sheet.rows[row][column] = ErrorValue(text)


def _grow(sheet: Sheet, height: int, width: int) -> None:
    """Add empty cells to a sheet until it has at least so many rows and columns."""
    rows = sheet.rows
    held = len(rows[0]) if rows else 0
    width = max(width, held)
    _refuse_huge(sheet.name, max(height, len(rows)), width)
    if width > held:
        for row in rows:
            row.extend([""] * (width - held))
    rows.extend([""] * width for _ in range(height - len(rows)))


def _refuse_huge(name: str, height: int, width: int) -> None:
    if height * width > MOST_CELLS or width > MOST_COLUMNS:
        raise WorkbookError("file_too_large", f"工作表“{name}”过大", f"the sheet “{name}” is too large")


def _is_encrypted(content: bytes) -> bool:
    import msoffcrypto

    try:
        return is_encrypted_xls(content) or bool(msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted())
    except Exception:  # its own errors, struct's and olefile's: whatever it is, it is no workbook with a password
        return False


def _is_encrypted_ods(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"encryption-data" in archive.read("META-INF/manifest.xml")
    # Packed unusually, or damaged: a name that is no UTF-8 is a ValueError.
    except (EOFError, KeyError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return False


def _read_encrypted(content: bytes) -> list[Sheet]:
    """Read a workbook that Excel opens without asking, because it is encrypted with Excel's own default password."""
    from ingestion.default_password import decrypted

    try:
        opened = decrypted(content)
    except ValueError as error:
        raise WorkbookError("file_encrypted") from error
    return _read_calamine(opened, decrypted=True)


def _chinese_reason(content: bytes) -> str:
    if content.startswith(ZIP) and not zipfile.is_zipfile(io.BytesIO(content)):
        return "文件不完整，可能没有传完"
    return "文件已损坏，或不是工作簿"
