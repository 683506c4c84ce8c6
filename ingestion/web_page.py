"""Web pages and web archives named .xls: systems export them so, and Excel opens them with a warning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email import message_from_bytes
from email.message import Message
from html import unescape

from ingestion.text_files import damaged_cells, decode_text
from ingestion.web_tables import TableParser
from ingestion.workbook import Sheet, WorkbookError

_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
# The root of a workbook as Excel 2002 and 2003 save it as XML: its tables look like those of a page.
_XML_WORKBOOK = re.compile(r"<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_HEAD = 4096
# How Excel names the sheets of a page, in a comment, and those of an archive with the page that holds each.
_SHEET_NAMES = re.compile(r"<x:Name>([^<]*)</x:Name>")
_SHEET_PAGES = re.compile(r"<x:Name>([^<]*)</x:Name>.{0,2000}?<x:WorksheetSource\s+HRef=[\"']([^\"']*)", re.DOTALL)


def read_web_page(content: bytes) -> list[Sheet]:
    """The tables of a web page as sheets; raises WorkbookError for a page without a table, and for XML."""
    text = decode_text(content)
    if _XML_WORKBOOK.search(text, 0, _HEAD):
        raise WorkbookError(
            "file_kind_unknown",
            "是“XML 电子表格 2003”，请用 Excel 打开，另存为 .xlsx",
            "it is an XML Spreadsheet 2003, to be opened with Excel and saved as .xlsx",
        )
    if text.lstrip("\ufeff \r\n\t").startswith("<?xml") and not _TABLE.search(text):
        raise WorkbookError("file_kind_unknown", "是 XML 文件", "it is an XML file")
    names = _SHEET_NAMES.findall(text)
    return _sheets([(unescape(names[0]) if len(names) == 1 else "", text)])


def read_web_archive(content: bytes) -> list[Sheet]:
    """Every page of a web archive (MHTML, RFC 2557), which Excel saves as “single file web page”, as a sheet."""
    try:
        parts = [part for part in message_from_bytes(content).walk() if part.get_content_type() == "text/html"]
    except RecursionError as error:
        raise WorkbookError(
            "file_unreadable", "单文件网页嵌套得太深", "the parts of the archive nest too deep"
        ) from error
    pages = [(_place(part), decode_text(part.get_payload(decode=True) or b"")) for part in parts]  # type: ignore[arg-type]
    names = {_file_name(page): unescape(name) for _, text in pages for name, page in _SHEET_PAGES.findall(text)}
    return _sheets(
        (names.get(_file_name(place), ""), text) for place, text in pages if not place.endswith("tabstrip.htm")
    )


def _place(part: Message) -> str:
    return str(part.get("Content-Location", "")).lower()


def _file_name(place: str) -> str:
    return place.lower().replace("\\", "/").rpartition("/")[2]


def _sheets(pages: Iterable[tuple[str, str]]) -> list[Sheet]:
    """The pages that hold tables, each with the name that it brings."""
    sheets: list[Sheet] = []
    for name, text in pages:
        parser = TableParser()
        parser.feed(text)
        parser.finish()
        for part in parser.parts:
            if part.end:
                width = max(map(len, part.rows))
                rows = [[*row, *[""] * (width - len(row))] for row in part.rows]
                damaged = tuple(damaged_cells(rows)) if "\ufffd" in text else ()
                sheets.append(Sheet(name or f"Table{len(sheets) + 1}", rows, tuple(part.merges), damaged))
    if not sheets:
        raise WorkbookError("file_kind_unknown", "是没有表格的网页", "it is a web page without a table")
    return sheets
