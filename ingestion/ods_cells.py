"""What calamine leaves empty in an OpenDocument spreadsheet though something stands there: errors, formulas, texts."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from xml.parsers import expat

from ingestion.workbook import Cell, ErrorValue, Sheet
from ingestion.xml_events import parse

# A formula, a character data section, an error, or a cell with something in it that has no value.
_CLOSER_LOOK = re.compile(
    rb'table:formula=|<!\[CDATA\[|value-type="error"'
    rb'|<table:table-cell(?![^>]*(?:value="|value-type="string"))[^>]*(?<!/)>\s*<'
)
# A formula with a value: then one without has an empty text as its result, which is written as no value.
_COMPUTED = re.compile(rb"<table:table-cell[^>]*(?:formula=[^>]*value-type=|value-type=[^>]*formula=)")
_ERROR = re.compile(r"#[A-Z/0]+[!?A]|Err:\d+")
_LANGUAGE = re.compile(r"^\w+:")  # in which a formula is written
_NOT_COMPUTED = "公式未计算"
_CELLS = ("table:table-cell", "table:covered-table-cell")


def document_of_ods(content: bytes) -> bytes:
    """The part that holds all sheets; empty where it cannot be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read("content.xml")
    except (EOFError, KeyError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return b""


def mend_ods(document: bytes, sheets: Sequence[Sheet]) -> None:
    """Put into the sheets what is shown in cells that were left empty; a document that is no XML is left as it is."""
    if _CLOSER_LOOK.search(document):
        with suppress(expat.ExpatError, ValueError):
            _Mender(sheets, is_computed=_COMPUTED.search(document) is not None).mend(document)


class _Mender:
    """Follows the cells of a document; only the outermost tables are sheets."""

    def __init__(self, sheets: Sequence[Sheet], *, is_computed: bool) -> None:
        self._sheets = iter(sheets)
        self._is_computed = is_computed
        self._rows: list[list[Cell]] = []
        self._depth = 0  # of tables
        self._row = self._column = 0
        self._row_count = self._column_count = 1
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []
        self._is_text = False
        self._asides = 0  # notes on a cell, and what lies upon it

    def mend(self, xml: bytes) -> None:
        parse(xml, self._start, self._end, self._hear)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self._depth += 1
            if self._depth == 1:
                sheet = next(self._sheets, None)
                self._rows, self._row = (sheet.rows if sheet else []), 0
        elif self._depth != 1 or self._asides or tag == "office:annotation" or tag.startswith("draw:"):
            self._asides += self._cell is not None
        elif tag == "table:table-row":
            self._column, self._row_count = 0, _count(attributes.get("table:number-rows-repeated"))
        elif tag in _CELLS:
            self._cell, self._paragraphs = attributes, []
            self._column_count = _count(attributes.get("table:number-columns-repeated"))
        elif tag == "text:p" and self._cell is not None:
            self._paragraphs.append("")
            self._is_text = True

    def _hear(self, text: str) -> None:
        if self._is_text and not self._asides:
            self._paragraphs[-1] += text

    def _end(self, tag: str) -> None:
        if tag == "table:table":
            self._depth -= 1
        elif self._asides:
            self._asides -= 1
        elif self._depth != 1:
            return
        elif tag == "table:table-row":
            self._row += self._row_count
        elif tag == "text:p":
            self._is_text = False
        elif tag in _CELLS and self._cell is not None:
            self._mend_cell(self._cell, "\n".join(self._paragraphs))
            self._column += self._column_count
            self._cell = None

    def _mend_cell(self, attributes: dict[str, str], text: str) -> None:
        shown: Cell = text
        formula = attributes.get("table:formula")
        if attributes.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(text)):
            shown = ErrorValue(text or "#ERROR")
        elif formula and not text and not self._is_computed:
            shown = ErrorValue(f"{_NOT_COMPUTED} ={_LANGUAGE.sub('', formula).removeprefix('=')}")
        if shown == "":
            return
        for row in self._rows[self._row : self._row + self._row_count]:
            for column in range(self._column, min(self._column + self._column_count, len(row))):
                if row[column] == "" or isinstance(shown, ErrorValue):
                    row[column] = shown


def _count(text: str | None) -> int:
    return int(text) if text else 1
