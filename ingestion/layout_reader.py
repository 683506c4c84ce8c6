"""Finding the tables of a sheet by their text: titles, headers of one to four rows, bodies, totals, notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.header import Columns, Header
from ingestion.header_reader import HeaderReader
from ingestion.layout import Ignored, Preamble, SheetLayout, Table, nearest_first, texts_of
from ingestion.table_body import BodyReader
from ingestion.texts import fold
from ingestion.vocabulary import Vocabulary, is_column_number
from ingestion.workbook import Row, Sheet

_FIGURE = re.compile(r"[-+]?[\d,]*\.?\d+%?")


class LayoutReader:
    """Finds tables. Headers seen before are remembered, so that a known sheet costs little."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._headers = HeaderReader(vocabulary)
        self._bodies = BodyReader(vocabulary, self._headers)

    def find_tables(self, sheet: Sheet, context: Sequence[str] = ()) -> SheetLayout:
        """Every table of the sheet, top to bottom and left to right.

        `context` holds texts from outside the cells, the nearest first: sheet name, then file name.
        """
        layout = SheetLayout()
        rows = sheet.rows
        index, group = 0, 0
        waiting: list[Preamble] = []
        while index < len(rows):
            header = self._header_at(sheet, index, waiting, context)
            if header is None:
                waiting.extend(texts_of(rows[index], index))
                if layout.tables and sum(map(_is_figure, rows[index])) > 1:
                    layout.unread.append(index)
                index += 1
                continue
            # Group headers above the anchor belong to the header, not to the title.
            preamble = tuple(text for text in waiting if text.row < header.first_row)
            layout.preamble.extend(preamble)
            layout.ignored.append(Ignored(header.first_row, header.body_row - 1, "header"))
            group += 1
            tables = [
                Table(len(layout.tables) + n + 1, group, columns, preamble, header.first_row, header.body_row)
                for n, columns in enumerate(header.segments)
            ]
            layout.tables.extend(tables)
            index, waiting = self._read_bodies(sheet, tables, layout, header, context)
        layout.empty = not layout.tables and not waiting and not _has_content(rows)
        layout.preamble.extend(waiting)
        titles = dict.fromkeys(text.row for text in layout.preamble if text.row not in layout.unread)
        layout.ignored.extend(Ignored(row, row, "title") for row in titles)
        if not layout.tables:
            layout.titles = self._vocabulary.forms_named(nearest_first(layout.preamble, context))
        return layout

    def _header_at(
        self, sheet: Sheet, index: int, waiting: Sequence[Preamble], context: Sequence[str]
    ) -> Header | None:
        is_anchor = self._vocabulary.is_anchor
        for cell in sheet.rows[index]:
            if type(cell) is str and cell != "" and is_anchor(cell):
                return self._headers.read(sheet, index, self._vocabulary.forms_named(nearest_first(waiting, context)))
        return None

    def _read_bodies(
        self, sheet: Sheet, tables: list[Table], layout: SheetLayout, header: Header, context: Sequence[str]
    ) -> tuple[int, list[Preamble]]:
        """Read the rows of tables side by side; returns the row that ends them, and texts for the next table."""
        rows = sheet.rows
        start = tables[0].first_row
        if start < len(rows) and _numbers_columns(rows[start], tables[0].columns):
            layout.ignored.append(Ignored(start, start, "header"))
            start += 1
        header_rows = rows[header.first_row : header.body_row]
        left_out: dict[int, str] = {}
        end = self._bodies.read(sheet, start, len(rows), tables[0], left_out, header_rows, context)
        for table in tables[1:]:
            self._bodies.read(sheet, start, end, table, left_out, header_rows, None)
        for table in tables:
            table.first_row = start
        last = max(max(table.content_rows, default=start - 1) for table in tables)
        texts = [
            text
            for index in range(last + 1, end if end < len(rows) else last + 1)
            if left_out.get(index) != "note"
            for text in texts_of(rows[index], index)
        ]
        titles = {text.row for text in texts}
        for table in tables:
            table.lone_rows = [row for row in table.lone_rows if row not in titles]
            table.nameless_rows = [row for row in table.nameless_rows if row not in titles]
            table.last_row = max([start, *table.content_rows])
        layout.ignored.extend(Ignored(row, row, why) for row, why in left_out.items() if row not in titles)
        return end, texts


def _numbers_columns(row: Row, columns: Columns) -> bool:
    """Whether the row under a header only numbers the columns: 甲 乙 1 2 3."""
    name = row[columns.name_column]
    if isinstance(name, str) and not is_column_number(name):
        return False
    cells = [row[c] for c in range(columns.first, columns.last + 1) if row[c] != ""]
    return len(cells) > 2 and all(map(is_column_number, cells)) and _counts_up(cells)


def _counts_up(cells: Sequence[object]) -> bool:
    texts = [fold(str(cell)).strip("()").split(".")[0] for cell in cells]
    numbers = [int(text) for text in texts if text.isdigit()]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_figure(cell: object) -> bool:
    if isinstance(cell, str):
        return cell != "" and bool(_FIGURE.fullmatch(fold(cell)))
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _has_content(rows: list[list[object]]) -> bool:
    return any(cell != "" for row in rows for cell in row)
