"""Finding the tables of a sheet by their text: titles, headers of one to four rows, bodies, totals, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeGuard

from ingestion.forms import FormSpec, Grain
from ingestion.header import Columns, Header, HeaderReader
from ingestion.texts import NIL_TEXTS, fold
from ingestion.vocabulary import NameKind, Vocabulary, is_column_number
from ingestion.workbook import ErrorValue, Row, Sheet

_FIGURE = re.compile(r"[-+]?[\d,]*\.?\d+%?")


class Preamble(NamedTuple):
    """A text above a table (or on its own row): where it stands, counted from 0, and what it says."""

    row: int
    column: int
    text: str


@dataclass(slots=True)
class Table:
    """A table found on a sheet; rows are counted from 0.

    `lone_rows` hold a name and nothing else: a branch without figures, or a section. `nil_rows` say that there is
    nobody to list. `group` counts the headers of the sheet: tables side by side under one header share it.
    """

    number: int
    group: int
    columns: Columns
    preamble: tuple[Preamble, ...]
    header_row: int
    first_row: int
    data_rows: list[int] = field(default_factory=list)
    lone_rows: list[int] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    subtotal_rows: list[int] = field(default_factory=list)
    nameless_rows: list[int] = field(default_factory=list)
    nil_rows: list[int] = field(default_factory=list)
    last_row: int = 0


class Ignored(NamedTuple):
    """Rows (counted from 0) left out for a named reason."""

    first_row: int
    last_row: int
    reason: str


@dataclass(slots=True)
class SheetLayout:
    """What a sheet consists of: `unread` are rows of figures in no table, `titles` the forms named if there is none."""

    tables: list[Table] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    preamble: list[Preamble] = field(default_factory=list)
    titles: tuple[FormSpec, ...] = ()
    empty: bool = True
    unread: list[int] = field(default_factory=list)


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
        index, group = 0, 0
        waiting: list[Preamble] = []
        while index < len(rows):
            header = self._header_at(sheet, index, waiting, context)
            if header is None:
                waiting.extend(_texts(rows[index], index))
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
            layout.titles = self._forms_named(layout.preamble, context)
        return layout

    def _header_at(
        self, sheet: Sheet, index: int, waiting: Sequence[Preamble], context: Sequence[str]
    ) -> Header | None:
        is_anchor = self._vocabulary.is_anchor
        for cell in sheet.rows[index]:
            if type(cell) is str and cell != "" and is_anchor(cell):
                return self._headers.read(sheet, index, self._forms_named(waiting, context))
        return None

    def _forms_named(self, texts: Sequence[Preamble], context: Sequence[str]) -> tuple[FormSpec, ...]:
        """The forms named by the nearest text that names any."""
        for text in [*(t.text for t in reversed(texts)), *context]:
            forms = self._vocabulary.title_forms(text)
            if forms:
                return forms
        return ()

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
        end = self._read_body(sheet, start, len(rows), tables[0], left_out, header_rows, context)
        for table in tables[1:]:
            self._read_body(sheet, start, end, table, left_out, header_rows, None)
        for table in tables:
            table.first_row = start
        last = max(max(_content_rows(table), default=start - 1) for table in tables)
        texts = [
            text
            for index in range(last + 1, end if end < len(rows) else last + 1)
            if left_out.get(index) != "note"
            for text in _texts(rows[index], index)
        ]
        titles = {text.row for text in texts}
        for table in tables:
            table.lone_rows = [row for row in table.lone_rows if row not in titles]
            table.nameless_rows = [row for row in table.nameless_rows if row not in titles]
            table.last_row = max([start, *_content_rows(table)])
        layout.ignored.extend(Ignored(row, row, why) for row, why in left_out.items() if row not in titles)
        return end, texts

    def _read_body(
        self,
        sheet: Sheet,
        start: int,
        end: int,
        table: Table,
        left_out: dict[int, str],
        header_rows: Sequence[Row],
        context: Sequence[str] | None,
    ) -> int:
        """Sort the rows below a header into data, totals, sections, notes; returns the row where the next one begins.

        Without `context` no header is looked for: another table beside this one has told the end.
        """
        rows, columns = sheet.rows, table.columns
        name_column, probe = columns.name_column, _figure_column(rows, start, columns)
        name_kind = self._vocabulary.name_kind
        data = table.data_rows
        lone_limit = len(rows[start]) - 2 if start < len(rows) else 0
        after_note = False
        for index in range(start, end):
            row = rows[index]
            name = row[name_column]
            kind = name_kind(name) if type(name) is str else _kind_of_other(name)
            is_plain = kind is NameKind.NAME and row.count("") < lone_limit
            if is_plain and type(row[probe]) is float:
                data.append(index)  # a name, and a figure under a field: no header
                continue
            if context is not None:
                found = self._header_below(sheet, start, index, header_rows, context)
                if found is not None:
                    return found
            if is_plain:
                data.append(index)
                continue
            if kind in (NameKind.LABEL, NameKind.EMPTY) and row in header_rows:
                left_out[index] = "header"
                continue
            kind = self._look_closer(row, table, kind, index)
            if after_note and kind in (NameKind.NAME, NameKind.SECTION) and self._goes_on(row, columns):
                kind = NameKind.NOTE  # of several lines
            after_note |= kind is NameKind.NOTE
            _enter(table, index, kind, row, left_out)
        return end

    def _goes_on(self, row: Row, columns: Columns) -> bool:
        """Whether a row below a note may belong to it: texts only, and no title."""
        texts = filter(_is_text, row)
        return not _has_fields(row, columns) and not any(map(self._vocabulary.title_forms, texts))

    def _header_below(
        self, sheet: Sheet, start: int, index: int, header_rows: Sequence[Row], context: Sequence[str]
    ) -> int | None:
        """The first row of the next header, if a row belongs to one.

        The same header printed again on a later page, without a title, is none.
        """
        row = sheet.rows[index]
        is_anchor = self._vocabulary.is_anchor
        for cell in row:
            if type(cell) is str and cell != "" and is_anchor(cell):
                break
        else:
            return None
        before = _texts_before(sheet.rows, start, index)
        if row in header_rows and not any(self._vocabulary.title_forms(text.text) for text in before):
            return None
        found = self._headers.read(sheet, index, self._forms_named(before, context), start)
        enough = found and sum(len(columns.field_columns) for columns in found.segments) > 1
        return found.first_row if found and enough else None

    def _look_closer(self, row: Row, table: Table, kind: NameKind, index: int) -> NameKind:
        """A row whose name is empty, stands alone or looks like a heading: what it is by its other cells."""
        columns = table.columns
        filled = [c for c in range(columns.first, columns.last + 1) if row[c] != "" and not _is_blank(row[c])]
        if not filled:
            return NameKind.EMPTY
        lead = row[filled[0]]
        lead_kind = self._vocabulary.name_kind(lead) if isinstance(lead, str) else NameKind.EMPTY
        for marked in (kind, lead_kind):
            if marked in (NameKind.TOTAL, NameKind.SUBTOTAL, NameKind.NOTE):
                return marked
        fields = [c for c in filled if c in columns.field_columns]
        if kind is NameKind.NIL and all(_says_nothing(row[c]) for c in filled if c not in columns.serial_columns):
            return NameKind.NIL
        if kind is NameKind.SECTION and not fields:
            return NameKind.SECTION
        if kind in (NameKind.NAME, NameKind.SECTION, NameKind.LABEL):
            return NameKind.NAME
        if not fields and len(filled) == 1 and isinstance(lead, str) and filled[0] not in columns.remarks:
            return NameKind.SECTION
        if any(c not in columns.serial_columns and not _is_zero(row[c]) for c in filled):
            table.nameless_rows.append(index)
        return NameKind.EMPTY


def _figure_column(rows: list[list[object]], start: int, columns: Columns) -> int:
    """A column of a field that holds figures, by the first row of the body."""
    if start < len(rows):
        row = rows[start]
        for column in columns.field_columns:
            if type(row[column]) is float:
                return column
    return min(columns.field_columns)


def _enter(table: Table, index: int, kind: NameKind, row: Row, left_out: dict[int, str]) -> None:
    """Note in the table, or among what is left out, what a row is."""
    if kind is NameKind.NAME:
        (table.lone_rows if _stands_alone(row, table.columns) else table.data_rows).append(index)
    elif kind is NameKind.TOTAL:
        table.total_rows.append(index)
    elif kind is NameKind.SUBTOTAL:
        table.subtotal_rows.append(index)
    elif kind is NameKind.NOTE:
        left_out[index] = "note"
    elif kind is NameKind.SECTION:
        left_out[index] = "section"
    elif kind is NameKind.NIL:
        table.nil_rows.append(index)
        left_out[index] = "nil"


def _content_rows(table: Table) -> list[int]:
    return table.data_rows + table.total_rows + table.subtotal_rows


def _texts_before(rows: list[list[object]], start: int, index: int) -> list[Preamble]:
    """Texts of the three rows above, as far as they lie below `start`."""
    return [text for row in range(max(start, index - 3), index) for text in _texts(rows[row], row)]


def _has_fields(row: Row, columns: Columns) -> bool:
    return any(row[c] != "" for c in columns.field_columns)


def _stands_alone(row: Row, columns: Columns) -> bool:
    """Whether a row holds a name and nothing else: a branch without figures, or a heading."""
    return columns.form.grain is Grain.BRANCH and not _has_fields(row, columns) and not _numbered(row, columns)


def _numbered(row: Row, columns: Columns) -> bool:
    """Whether a row carries a serial number or a code: then it stands for a branch, figures or not."""
    return any(row[columns.roles[role]] != "" for role in ("serial", "branch_code") if role in columns.roles)


def _kind_of_other(name: object) -> NameKind:
    return NameKind.EMPTY if isinstance(name, ErrorValue) else NameKind.NAME


def _says_nothing(cell: object) -> bool:
    return isinstance(cell, str) and fold(cell) in NIL_TEXTS


def _is_zero(cell: object) -> bool:
    return isinstance(cell, (int, float)) and cell == 0


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


def _texts(row: Row, index: int) -> Iterator[Preamble]:
    for column, cell in enumerate(row):
        if cell != "" and type(cell) is str and not _is_blank(cell):
            yield Preamble(index, column, cell)


def _is_blank(cell: object) -> bool:
    return type(cell) is str and not cell.strip() and not fold(cell)


def _is_text(cell: object) -> TypeGuard[str]:
    return type(cell) is str and cell != ""


def _is_figure(cell: object) -> bool:
    if isinstance(cell, str):
        return cell != "" and bool(_FIGURE.fullmatch(fold(cell)))
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _has_content(rows: list[list[object]]) -> bool:
    return any(cell != "" for row in rows for cell in row)
