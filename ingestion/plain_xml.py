"""Sheets in XML that is right and yet unlike what spreadsheet programs write: written again as they would write it.

The readers of xlsx see the first piece of a number only where a comment, a CDATA section or a character reference
stands in it, and no error cell whose attributes stand in single quotes. Some give a workbook up for one cell.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from html import escape
from xml.parsers import expat

from ingestion.xml_events import parse

_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_QUOTE, _BLANK = b'" '
_IN_SINGLE_QUOTES = re.compile(rb"<(?:\w+:)?c\s[^>]*='")
_REFERENCE_IN_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]*&#")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:NaN|INF)", re.IGNORECASE)
_TYPES = ("n", "s", "str", "inlineStr", "b", "e", "d")
_OF_TEXT = ("str", "inlineStr")
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
_ANY_ERROR = "#N/A"
_TEXTS = ("v", "f", "t")
_READ = (".xml", ".rels", ".bin")
_LEFT_OUT = ("dimension", "extLst")


class UnusualXmlError(Exception):
    """A sheet is written in a way that is read amiss."""

    def __str__(self) -> str:
        return "the XML of a sheet is damaged"


def is_unusual(xml: bytes, begin: int, end: int) -> bool:
    """Whether a sheet, whose cells stand from `begin` to `end`, may be read amiss."""
    # Looking for a single byte costs next to nothing, and most sheets hold none of these.
    first = xml.find(b"=", begin, end)  # one program writes all attributes in one way
    return (
        (first >= 0 and (xml[first + 1] != _QUOTE or xml[first - 1] == _BLANK))
        or (xml.find(b"'", begin, end) >= 0 and _IN_SINGLE_QUOTES.search(xml, begin, end) is not None)
        or (xml.find(b"!", begin, end) >= 0 and xml.find(b"<!", begin, end) >= 0)
        or (xml.find(b"?", begin, end) >= 0 and xml.find(b"<?", begin, end) >= 0)
        or (xml.find(b"&", begin, end) >= 0 and _REFERENCE_IN_VALUE.search(xml, begin, end) is not None)
        or xml.startswith(_UTF16)
    )


def plainly_written(content: bytes) -> bytes:
    """The workbook with its sheets written again; raises ValueError where they are no XML, or hold entities."""
    written = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w") as target:
            names = [name for name in source.namelist() if name.endswith(_READ)]
            if not any(map(_is_sheet, names)):
                raise ValueError("no sheet in it is XML")
            for name in names:
                part = source.read(name)
                target.writestr(name, _SheetWriter().write(part) if _is_sheet(name) else part)
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError) as damage:
        raise ValueError(str(damage)) from damage
    return written.getvalue()


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


class _SheetWriter:
    """Writes what a parser tells of a sheet; a cell when it ends, for its value tells what type it can have."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._cell: list[str] = []  # what stands in the cell that is being read
        self._attributes: dict[str, str] = {}  # of that cell
        self._text: list[str] | None = None  # of a value, a formula or a text that is being read
        self._left_out = 0

    def write(self, xml: bytes) -> bytes:
        parse(xml, self._start, self._end, self._hear)
        return "".join(self._written).encode()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if self._left_out or name in _LEFT_OUT:
            self._left_out += 1
        elif name == "c":
            self._cell, self._attributes = [], attributes
        else:
            self._cell.append(_opening(tag, attributes))
            self._text = [] if name in _TEXTS else None
            self._pass_on()

    def _hear(self, text: str) -> None:
        if self._text is not None and not self._left_out:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        name = _local(tag)
        if self._left_out:
            self._left_out -= 1
        elif name == "c":
            self._written.extend((_opening(tag, self._attributes), *self._cell, f"</{tag}>"))
            self._cell, self._attributes = [], {}
        else:
            if self._text is not None:
                text = "".join(self._text)
                self._cell.append(escape(self._value(text) if name == "v" else text, quote=False))
                self._text = None
            self._cell.append(f"</{tag}>")
            self._pass_on()

    def _pass_on(self) -> None:
        """Write at once what stands in no cell."""
        if not self._attributes:
            self._written.extend(self._cell)
            self._cell.clear()

    def _value(self, text: str) -> str:
        """The value of the cell as it can be read, and its type set to what the value is of."""
        kind = self._attributes.get("t", "n")
        if kind not in _OF_TEXT:
            text = text.strip()
        if kind == "e" and text not in _ERRORS:
            return _ANY_ERROR
        if kind not in _TYPES or (kind == "n" and text and not _NUMBER.fullmatch(text)):
            self._attributes["t"] = "str"
        return text


def _opening(tag: str, attributes: dict[str, str]) -> str:
    return f"<{tag}{''.join(f' {name}={_quoted(value)}' for name, value in attributes.items())}>"


def _quoted(value: str) -> str:
    return f'"{escape(value)}"'.replace("&#x27;", "'")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
