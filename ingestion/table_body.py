"""The rows below a header sorted: data, totals, sections, notes, and where the next table begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from ingestion.forms import Grain
from ingestion.header import Columns
from ingestion.header_reader import HeaderReader
from ingestion.layout import Preamble, Table, is_blank, nearest_first, texts_of
from ingestion.texts import NIL_TEXTS, fold
from ingestion.vocabulary import NameKind, Vocabulary
from ingestion.workbook import ErrorValue, Row, Sheet


class BodyReader:
    """Sorts the rows of tables."""

    def __init__(self, vocabulary: Vocabulary, headers: HeaderReader) -> None:
        self._vocabulary = vocabulary
        self._headers = headers

    def read(
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
        found = self._headers.read(sheet, index, self._vocabulary.forms_named(nearest_first(before, context)), start)
        enough = found and sum(len(columns.field_columns) for columns in found.segments) > 1
        return found.first_row if found and enough else None

    def _look_closer(self, row: Row, table: Table, kind: NameKind, index: int) -> NameKind:
        """A row whose name is empty, stands alone or looks like a heading: what it is by its other cells."""
        columns = table.columns
        filled = [c for c in range(columns.first, columns.last + 1) if row[c] != "" and not is_blank(row[c])]
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


def _texts_before(rows: list[list[object]], start: int, index: int) -> list[Preamble]:
    """Texts of the three rows above, as far as they lie below `start`."""
    return [text for row in range(max(start, index - 3), index) for text in texts_of(rows[row], row)]


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


def _is_text(cell: object) -> TypeGuard[str]:
    return type(cell) is str and cell != ""
