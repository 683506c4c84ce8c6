"""Finding the tables of a sheet by their text: titles, headers of one to four rows, bodies, totals, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingestion.forms import FormSpec, Layout
from ingestion.header import Columns, HeaderReader
from ingestion.texts import fold
from ingestion.vocabulary import NameKind, Vocabulary, is_column_number
from ingestion.workbook import ErrorValue, Row, Sheet


@dataclass(frozen=True, slots=True)
class Preamble:
    """A text above a table (or on its own row): where it stands, counted from 0, and what it says."""

    row: int
    column: int
    text: str


@dataclass(slots=True)
class Table:
    """A table found on a sheet; rows are counted from 0."""

    number: int
    columns: Columns
    preamble: tuple[Preamble, ...]
    header_row: int
    first_row: int
    data_rows: list[int] = field(default_factory=list)
    lone_rows: list[int] = field(default_factory=list)  # a name and nothing else: a branch without figures, or a section
    total_rows: list[int] = field(default_factory=list)
    subtotal_rows: list[int] = field(default_factory=list)
    nameless_rows: list[int] = field(default_factory=list)
    last_row: int = 0


@dataclass(frozen=True, slots=True)
class Ignored:
    """Rows (counted from 0) left out for a named reason."""

    first_row: int
    last_row: int
    reason: str


@dataclass(slots=True)
class SheetLayout:
    """What a sheet consists of; `titles` are the forms that its texts name."""

    tables: list[Table] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    preamble: list[Preamble] = field(default_factory=list)
    titles: tuple[FormSpec, ...] = ()
    empty: bool = True


class LayoutReader:
    """Finds tables. Headers seen before are remembered, so that a known sheet costs little."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._headers = HeaderReader(vocabulary)

    def find_tables(self, sheet: Sheet, context: Sequence[str] = ()) -> SheetLayout:
        """Every table of the sheet, top to bottom and left to right.

        `context` holds texts from outside the cells, the nearest first: sheet name, then file name.
        """
        layout = SheetLayout()
        rows = sheet.rows
        index, count = 0, len(rows)
        waiting: list[Preamble] = []
        while index < count:
            row = rows[index]
            header = None
            if any(map(self._vocabulary.is_anchor, filter(_is_text, row))):
                header = self._headers.read(sheet, index, self._forms_named(waiting, context))
            if header is None:
                waiting.extend(_texts(row, index))
                index += 1
                continue
            # Group headers above the anchor belong to the header, not to the title.
            preamble = tuple(text for text in waiting if text.row < header.first_row)
            waiting = []
            layout.preamble.extend(preamble)
            tables = [
                Table(len(layout.tables) + n + 1, columns, preamble, header.first_row, header.body_row)
                for n, columns in enumerate(header.segments)
            ]
            layout.tables.extend(tables)
            index, waiting = self._read_bodies(rows, tables, layout, header.anchor_row)
        layout.empty = not layout.tables and not waiting and not _has_content(rows)
        layout.preamble.extend(waiting)
        layout.ignored.extend(Ignored(text.row, text.row, "title") for text in _one_a_row(layout.preamble))
        layout.titles = self._forms_named(layout.preamble, context)
        return layout

    def _forms_named(self, texts: Sequence[Preamble], context: Sequence[str]) -> tuple[FormSpec, ...]:
        """The forms named by the nearest text that names any."""
        for text in [*(t.text for t in reversed(texts)), *context]:
            forms = self._vocabulary.title_forms(text)
            if forms:
                return forms
        return ()

    def _read_bodies(
        self, rows: list[list[object]], tables: list[Table], layout: SheetLayout, anchor_row: int
    ) -> tuple[int, list[Preamble]]:
        """Read the rows of tables that stand side by side; returns the row where they end, and texts for the next table."""
        start = tables[0].first_row
        if start < len(rows) and _numbers_columns(rows[start], tables[0].columns):
            layout.ignored.append(Ignored(start, start, "header"))
            start += 1
        end = min(self._read_body(rows, start, table, layout, anchor_row)[0] for table in tables)
        for table in tables:
            table.first_row = start
            _cut(table, end)
        waiting = self._trailing_texts(rows, tables, end)
        return end, waiting

    def _read_body(
        self, rows: list[list[object]], start: int, table: Table, layout: SheetLayout, anchor_row: int
    ) -> tuple[int, None]:
        """Sort the rows below a header into data, totals, sections, notes; returns the row where the table ends."""
        columns = table.columns
        name_column = columns.name_column
        name_kind = self._vocabulary.name_kind
        data = table.data_rows
        lone_limit = len(rows[start]) - 2 if start < len(rows) else 0
        header_texts = rows[anchor_row]
        for index in range(start, len(rows)):
            row = rows[index]
            name = row[name_column]
            kind = name_kind(name) if type(name) is str else self._untexted(name)
            if kind is NameKind.NAME and row.count("") < lone_limit:
                data.append(index)
                continue
            if kind in (NameKind.EMPTY, NameKind.NAME, NameKind.SECTION):
                kind = self._look_closer(row, table, kind, index)
            if kind is NameKind.NAME:
                data.append(index)
            elif kind is NameKind.TOTAL:
                table.total_rows.append(index)
            elif kind is NameKind.SUBTOTAL:
                table.subtotal_rows.append(index)
            elif kind is NameKind.NOTE:
                layout.ignored.append(Ignored(index, index, "note"))
            elif kind is NameKind.SECTION:
                layout.ignored.append(Ignored(index, index, "section"))
            elif kind is NameKind.LABEL:
                if row == header_texts:
                    layout.ignored.append(Ignored(index, index, "header"))
                    continue
                if any(map(self._vocabulary.is_anchor, filter(_is_text, row))):
                    return index, None
                data.append(index)
        return len(rows), None

    def _untexted(self, name: object) -> NameKind:
        return NameKind.EMPTY if isinstance(name, ErrorValue) else NameKind.NAME

    def _look_closer(self, row: Row, table: Table, kind: NameKind, index: int) -> NameKind:
        """A row whose name is empty, stands alone or looks like a heading: what it is by its other cells."""
        columns = table.columns
        filled = [c for c in range(columns.first, columns.last + 1) if row[c] != ""]
        if not filled:
            return NameKind.EMPTY
        fields = [c for c in filled if c in columns.field_columns]
        lead = row[filled[0]]
        lead_kind = self._vocabulary.name_kind(lead) if isinstance(lead, str) else NameKind.EMPTY
        if lead_kind in (NameKind.TOTAL, NameKind.SUBTOTAL, NameKind.NOTE):
            return lead_kind
        if kind is NameKind.SECTION:
            return NameKind.NAME if fields else NameKind.SECTION
        if kind is NameKind.NAME:
            if fields:
                return NameKind.NAME
            table.lone_rows.append(index)
            return NameKind.EMPTY
        if not fields and len(filled) == 1:
            if isinstance(lead, str) and lead_kind is NameKind.LABEL:
                return NameKind.LABEL
            return NameKind.SECTION if isinstance(lead, str) else NameKind.EMPTY
        if lead_kind is NameKind.LABEL:
            return NameKind.LABEL
        if fields or any(c not in columns.serial_columns for c in filled):
            table.nameless_rows.append(index)
        return NameKind.EMPTY

    def _trailing_texts(self, rows: list[list[object]], tables: list[Table], end: int) -> list[Preamble]:
        """Texts on rows of their own above the next header: titles of the next table rather than sections of this one."""
        if end >= len(rows):
            return []
        first = max((max(t.data_rows + t.total_rows + t.subtotal_rows, default=t.first_row - 1) for t in tables)) + 1
        texts: list[Preamble] = []
        for index in range(first, end):
            texts.extend(_texts(rows[index], index))
        for table in tables:
            table.lone_rows = [row for row in table.lone_rows if row < first]
            table.nameless_rows = [row for row in table.nameless_rows if row < first]
        return texts


def _cut(table: Table, end: int) -> None:
    for rows in (table.data_rows, table.lone_rows, table.total_rows, table.subtotal_rows, table.nameless_rows):
        while rows and rows[-1] >= end:
            rows.pop()
    table.last_row = max(
        [table.first_row, *table.data_rows[-1:], *table.total_rows[-1:], *table.subtotal_rows[-1:], *table.lone_rows[-1:]]
    )


def _numbers_columns(row: Row, columns: Columns) -> bool:
    """Whether the row under a header only numbers the columns: 甲 乙 1 2 3."""
    cells = [row[c] for c in range(columns.first, columns.last + 1) if row[c] != ""]
    name = row[columns.name_column]
    is_name = isinstance(name, str) and not is_column_number(name)
    return len(cells) > 2 and not is_name and all(map(is_column_number, cells)) and _counts_up(cells)


def _counts_up(cells: Sequence[object]) -> bool:
    numbers = [int(float(fold(str(cell)).strip("()"))) for cell in cells if fold(str(cell)).strip("()").split(".")[0].isdigit()]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_text(cell: object) -> bool:
    return type(cell) is str and cell != ""


def _texts(row: Row, index: int) -> Iterator[Preamble]:
    for column, cell in enumerate(row):
        if _is_text(cell) and fold(cell):  # type: ignore[arg-type]
            yield Preamble(index, column, cell)  # type: ignore[arg-type]


def _one_a_row(texts: Sequence[Preamble]) -> Iterator[Preamble]:
    seen: set[int] = set()
    for text in texts:
        if text.row not in seen:
            seen.add(text.row)
            yield text


def _has_content(rows: list[list[object]]) -> bool:
    return any(cell != "" for row in rows for cell in row)


def is_periods_across(form: FormSpec) -> bool:
    """Whether the form has one column per period."""
    return form.layout is Layout.PERIODS_ACROSS
