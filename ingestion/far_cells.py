"""Cells so far from one another that the rectangle around them cannot be held: told before it is laid out.

A value left behind in the last row of a sheet is all it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from xml.parsers.expat import ExpatError

from ingestion.texts import cell_address
from ingestion.xml_events import parse

MOST_CELLS = 30_000_000  # of a sheet, with the empty ones between
MOST_COLUMNS = 16_384  # no program has more
_MOST_ROWS = 1_048_576
_LEAST_OF_A_ROW = 30  # bytes: a row that holds anything is hardly ever written in fewer
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_FORMULA = rb"(?:\s*<f\b[^>]*(?:/>|>[^<]*</f>))?"
_FILLED_CELL = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*(?<!/)>' + _FORMULA + rb"\s*<(?:v>[^<]|is>)",
)
_CELLS = ("table:table-cell", "table:covered-table-cell")

Cells = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""


class FarCellsError(Exception):
    """Cells too far apart; the reason in Chinese and English."""

    def __init__(self, reason_zh: str, reason_en: str) -> None:
        super().__init__(reason_en)
        self.reason_zh = reason_zh
        self.reason_en = reason_en


def refuse_far_cells(xml: bytes, begin: int, end: int) -> None:
    """Raise FarCellsError for a sheet of an xlsx workbook of which a row stands far below the others.

    Of a cell beyond the last row or column that there can be, it is the last cell that is looked at.
    Between `begin` and `end` are its rows, in order: what is out of order is left to whoever lays them out.
    """
    cell = _FILLED_CELL.match(xml, xml.rfind(b"<c ", begin, end), end)
    if cell:
        _refuse_beyond(cell)
    last = _ROW.match(xml, xml.rfind(b"<row ", begin, end), end)
    rows = int(last[1]) if last else 0
    if rows * MOST_COLUMNS > MOST_CELLS and rows * _LEAST_OF_A_ROW > end - begin:
        _refuse(_filled_cells(xml, begin, end))


def refuse_far_cells_of_ods(xml: bytes) -> None:
    """Raise FarCellsError for an OpenDocument spreadsheet that repeats cells with something in them too often."""
    if b"-repeated=" in xml:
        tables: list[list[Cells]] = []
        with suppress(ExpatError, ValueError):  # whoever reads it will say so
            parse(xml, _Rows(tables).begin, lambda _: None, lambda _: None)
        for cells in tables:
            _refuse(cells)


def _refuse(cells: Iterable[Cells]) -> None:
    sides = [*zip(*cells, strict=True)]
    if sides:
        top, left, bottom, right = min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])
        if (bottom + 1 - top) * (right + 1 - left) > MOST_CELLS:
            first, last = cell_address(top, left), cell_address(bottom, right)
            raise FarCellsError(
                f"工作表里有内容的单元格从 {first} 一直到 {last}，离得太远；请删去远处多余的内容",
                f"a sheet has cells with contents from {first} to {last}, too far apart: delete what is out there",
            )


def _refuse_beyond(cell: re.Match[bytes]) -> None:
    """Raise FarCellsError for a place that no sheet has; it is not told, for what was put there may be anything."""
    letters, digits = cell[1], cell[2]
    if len(letters) > 3 or (len(letters) == 3 and letters > b"XFD") or len(digits) > 7 or int(digits) > _MOST_ROWS:
        raise FarCellsError(
            "工作表里有单元格的位置超出 XFD1048576（任何工作表的最后一格）",
            "a cell of a sheet has a place beyond XFD1048576, the last that any sheet has",
        )


def _filled_cells(xml: bytes, begin: int, end: int) -> Iterator[Cells]:
    for found in _FILLED_CELL.finditer(xml, begin, end):
        _refuse_beyond(found)
        column = 0
        for letter in found[1]:
            column = column * 26 + letter - 64
        row = int(found[2]) - 1
        yield row, column - 1, row, column - 1


class _Rows:
    """Follows the rows of tables, and notes the places of cells that have a value in the last of `tables`."""

    def __init__(self, tables: list[list[Cells]]) -> None:
        self._tables = tables
        self._row = self._rows = self._column = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self._tables.append([])
            self._row = self._rows = 0
        elif tag == "table:table-row":
            self._row += self._rows
            self._rows = int(attributes.get("table:number-rows-repeated", 1))
            self._column = 0
        elif tag in _CELLS:
            columns = int(attributes.get("table:number-columns-repeated", 1))
            if "office:value-type" in attributes and self._tables:
                self._tables[-1].append(
                    (self._row, self._column, self._row + self._rows - 1, self._column + columns - 1)
                )
            self._column += columns
