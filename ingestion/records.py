"""What reading a workbook yields: rows column by column, findings, and an account of everything that was not landed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ingestion.cells import State
from ingestion.findings import Finding
from ingestion.forms import FormSpec
from ingestion.periods import Period
from ingestion.workbook import Cell


class Source(NamedTuple):
    """Where a workbook comes from: its path below the inbox (posix, with its suffix) and the hash of its bytes.

    `other_names` are further paths under which the same bytes arrived. `received_on` is the day they came: a period
    that begins later is refused; None refuses none.
    """

    file_name: str
    sha256: str = ""
    other_names: tuple[str, ...] = ()
    received_on: date | None = None

    @property
    def folders(self) -> tuple[str, ...]:
        return tuple(self.file_name.split("/")[:-1])

    @property
    def stem(self) -> str:
        return self.file_name.rpartition("/")[2].rpartition(".")[0]

    @property
    def suffix(self) -> str:
        return "." + self.file_name.rpartition("/")[2].rpartition(".")[2]


@dataclass(slots=True)
class Records:
    """Rows of one table and period that were assigned, column by column; all lists are equally long.

    `row_numbers` count from 1. `values` are by field name: yuan for money, else the spec's unit; where a value is None
    `states` may say why, by position (missing otherwise). `constants` hold what is the same on every row of the table.
    """

    form: FormSpec
    sheet_name: str
    table_number: int
    reporting_unit_code: str | None
    period: Period | None
    row_numbers: list[int]
    branch_codes: list[str | None]
    branch_names: list[str]
    values: dict[str, list[Cell | None]]
    states: Mapping[str, Mapping[int, State]]
    constants: Mapping[str, str | None] = field(default_factory=dict)


class TableRead(NamedTuple):
    """A table that was recognised, once for every period it holds; rows count from 1."""

    sheet_name: str
    table_number: int
    form: str
    period: Period | None
    reporting_unit_code: str | None
    header_row: int
    first_row: int
    last_row: int
    rows: int
    outcome: str  # landed or quarantined


class FieldPlace(NamedTuple):
    """In which column of a table a field stood; `period` when every period has a column of its own."""

    field: str
    column_letter: str
    header_text: str
    unit: str | None
    period: str | None = None


class TablePlaces(NamedTuple):
    """Where the fields of a table stood."""

    sheet_name: str
    table_number: int
    form: str
    places: tuple[FieldPlace, ...]


class QuarantinedRow(NamedTuple):
    """A row that could not be assigned; `cells` is JSON: column letter → text, personal data masked."""

    sheet_name: str
    table_number: int
    row_number: int
    form: str
    period: str | None
    reporting_unit_code: str | None
    branch_name: str | None
    code: str
    cells: str


class IgnoredRows(NamedTuple):
    """Rows left out for a named reason, counted from 1; a whole sheet from its first row to its last."""

    sheet_name: str
    first_row: int
    last_row: int
    reason: str


@dataclass(slots=True)
class Reading:
    """Everything one workbook says. `reason` (Chinese · English) tells why a rejected file holds no return."""

    records: list[Records] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tables: list[TableRead] = field(default_factory=list)
    places: list[TablePlaces] = field(default_factory=list)
    quarantine: list[QuarantinedRow] = field(default_factory=list)
    ignored: list[IgnoredRows] = field(default_factory=list)
    other_returns: dict[str, Finding] = field(default_factory=dict)  # by other name, where it is no mere copy
    reason: str | None = None

    @property
    def outcome(self) -> str:
        return "landed" if self.reason is None else "rejected"

    @property
    def rows(self) -> int:
        """How many rows were assigned."""
        return sum(len(records.row_numbers) for records in self.records)
