"""What a sheet consists of: its tables with their titles, bodies and totals, and what is left out for a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingestion.forms import FormSpec
from ingestion.header import Columns
from ingestion.texts import fold
from ingestion.workbook import Row


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

    @property
    def content_rows(self) -> list[int]:
        """The rows that hold figures."""
        return self.data_rows + self.total_rows + self.subtotal_rows


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


def texts_of(row: Row, index: int) -> Iterator[Preamble]:
    """The texts of a row."""
    for column, cell in enumerate(row):
        if cell != "" and type(cell) is str and not is_blank(cell):
            yield Preamble(index, column, cell)


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing but blanks and invisible marks."""
    return type(cell) is str and not cell.strip() and not fold(cell)


def nearest_first(texts: Sequence[Preamble], context: Sequence[str]) -> Iterator[str]:
    """Texts above a row from the bottom up, then those from outside the cells."""
    yield from (text.text for text in reversed(texts))
    yield from context
