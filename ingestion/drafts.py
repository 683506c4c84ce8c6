"""A table while it is being read, before what concerns the whole file is decided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from ingestion.cells import State
from ingestion.findings import Details, Finding
from ingestion.forms import FormSpec
from ingestion.header import Columns
from ingestion.layout import Table
from ingestion.periods import Period, find_spans
from ingestion.personal import shown
from ingestion.records import FieldPlace, QuarantinedRow, Records
from ingestion.statements import Stated
from ingestion.texts import as_text, cell_address, column_letter, fold
from ingestion.workbook import Cell, Row, Sheet


@dataclass(slots=True)
class Draft:
    """A table as far as it can be read by itself.

    Lists are by row of `rows` (indexes into the sheet, from 0). `held` says which rows go into quarantine and for which
    finding's code, `refused` for which code all of them do. `spans_rows` is set when only a column tells the period.
    """

    sheet: Sheet
    table: Table
    form: FormSpec
    columns: Columns = field(init=False)
    period: Period | None = None
    period_source: Stated | None = None
    spans_rows: bool = False
    unit: str | None = None
    rows: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    names: Sequence[Cell] = ()
    branches: list[str | None] = field(default_factory=list)
    periods: list[Period | None] | None = None
    values: dict[str, list[Cell | None]] = field(default_factory=dict)
    states: dict[str, Mapping[int, State]] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    summed: tuple[tuple[str, int], ...] = ()  # fields a total means something for, and their columns
    suspected: dict[str, str] = field(default_factory=dict)  # field → the unit its figures look like
    held: dict[int, str] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)  # rows that say again what another row has said
    places: tuple[FieldPlace, ...] = ()
    constants: Mapping[str, str | None] = field(default_factory=dict)
    findings: list[tuple[Finding, int | None]] = field(default_factory=list)
    refused: str | None = None

    def __post_init__(self) -> None:
        self.columns = self.table.columns

    @property
    def stated_year(self) -> int | None:
        """The only year that the texts above the table name."""
        spans = [span for text in self.table.preamble for span in find_spans(text.text)]
        years = {span.first // 12 for span in spans} | {span.last // 12 for span in spans}
        return years.pop() if len(years) == 1 else None

    def period_of(self, position: int) -> Period | None:
        return self.periods[position] if self.periods else self.period

    def find(
        self,
        code: str,
        *,
        cell: str | None = None,
        row: int | None = None,
        field: str | None = None,
        original: str | None = None,
        details: Details | None = None,
        position: int | None = None,
    ) -> None:
        """Note a finding; `row` counts from 0, `position` is the row's place in the lists."""
        finding = Finding(
            code=code,
            sheet_name=self.sheet.name,
            cell=cell,
            row_number=None if row is None else row + 1,
            form=self.form.form,
            field=field,
            original=original,
            details=details or {},
        )
        self.findings.append((finding, position))

    def find_at(
        self, code: str, position: int, column: int, *, field: str | None = None, details: Details | None = None
    ) -> None:
        """Note a finding about a cell of a row."""
        row = self.rows[position]
        cell = self.sheet.rows[row][column]
        self.find(
            code,
            cell=cell_address(row, column),
            row=row,
            field=field,
            original=as_text(cell),
            details=details,
            position=position,
        )

    def take_out(self, field: str, position: int) -> None:
        """Leave out a value that must not be landed."""
        self.values[field] = [None if n == position else value for n, value in enumerate(self.values[field])]
        self.states[field] = {**self.states.get(field, {}), position: State.UNREAD}

    def finished_findings(self) -> list[Finding]:
        """The findings, each with period, unit and branch of its table and row."""
        finished = []
        for finding, position in self.findings:
            period = self.period if position is None else self.period_of(position)
            known = finding.branch_code
            if position is not None and known is None and self.branches:
                known = self.branches[position]
            name = finding.branch_name
            if position is not None and name is None and len(self.names):
                name = as_text(self.names[position]) or None
            finished.append(
                Finding(
                    code=finding.code,
                    sheet_name=finding.sheet_name,
                    cell=finding.cell,
                    row_number=finding.row_number,
                    form=finding.form,
                    field=finding.field,
                    period=finding.period or (period.name if period else None),
                    reporting_unit_code=self.unit,
                    branch_code=known,
                    branch_name=name,
                    original=finding.original,
                    details=finding.details,
                )
            )
        return finished

    def records(self) -> list[Records]:
        """The rows that were assigned, a part for every period."""
        if self.refused or not self.rows:
            return []
        out = self.held.keys() | self.dropped
        if self.periods is None:
            return [self._part(self.period, None if not out else [n not in out for n in range(len(self.rows))])]
        return [
            self._part(period, [n not in out and found == period for n, found in enumerate(self.periods)])
            for period in dict.fromkeys(period for n, period in enumerate(self.periods) if n not in out)
        ]

    def _part(self, period: Period | None, kept: list[bool] | None) -> Records:
        rows, branches, names = self.rows, self.branches, _texts_of(self.names)
        values, states = self.values, self.states
        if kept is not None and not all(kept):
            places = {position: n for n, position in enumerate(compress(range(len(rows)), kept))}
            rows, branches = list(compress(rows, kept)), list(compress(branches, kept))
            names = list(compress(names, kept))
            values = {name: list(compress(column, kept)) for name, column in values.items()}
            states = {
                name: {places[position]: state for position, state in column.items() if position in places}
                for name, column in states.items()
            }
        return Records(
            form=self.form,
            sheet_name=self.sheet.name,
            table_number=self.table.number,
            reporting_unit_code=self.unit,
            period=period,
            row_numbers=[row + 1 for row in rows],
            branch_codes=branches,
            branch_names=names,
            values=values,
            states=states,
            constants=self.constants,
        )

    def quarantined(self) -> list[QuarantinedRow]:
        """The rows that could not be assigned."""
        held = dict.fromkeys(range(len(self.rows)), self.refused) if self.refused else self.held
        found = [
            self._quarantined(self.rows[position], code or "", self.period_of(position))
            for position, code in sorted(held.items())
        ]
        found.extend(self._quarantined(row, "row_not_understood", self.period) for row in self.table.nameless_rows)
        return found

    def _quarantined(self, row: int, code: str, period: Period | None) -> QuarantinedRow:
        cells = self.sheet.rows[row]
        columns = self.columns
        name = as_text(cells[columns.name_column])
        return QuarantinedRow(
            sheet_name=self.sheet.name,
            table_number=self.table.number,
            row_number=row + 1,
            form=self.form.form,
            period=period.name if period else None,
            reporting_unit_code=self.unit,
            branch_name=name if fold(name) else None,
            code=code,
            cells=json.dumps(self._texts(cells), ensure_ascii=False),
        )

    def _texts(self, cells: Row) -> dict[str, str]:
        """Texts of a row by column letter; of personal columns only that there was something."""
        personal = {problem.column for problem in self.columns.problems if problem.code == "column_personal"}
        return {
            column_letter(c): "***" if c in personal else shown(as_text(cells[c]))
            for c in range(self.columns.first, len(cells) if self.columns.unnamed else self.columns.last + 1)
            if cells[c] != ""
        }


def _texts_of(names: Sequence[Cell]) -> list[str]:
    """Names as texts without blanks around them."""
    if set(map(type, names)) == {str}:
        return list(map(str.strip, names))  # type: ignore[arg-type]
    return list(map(as_text, names))


def grid_of(rows: Sequence[Row], wanted: Sequence[int]) -> list[tuple[Cell, ...]]:
    """The wanted rows, column by column; empty when there are none."""
    return list(zip(*[rows[row] for row in wanted], strict=True))
