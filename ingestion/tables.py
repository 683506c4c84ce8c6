"""One table read: its period, its reporting unit, whose rows they are, what the cells say."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.drafts import Draft, grid_of
from ingestion.forms import Grain, Layout
from ingestion.header_findings import report_header
from ingestion.layout import Preamble, Table
from ingestion.matching import branch_code
from ingestion.periods_across import read_periods_across
from ingestion.personal_cells import look_for_personal_data
from ingestion.records import Source
from ingestion.register import Register
from ingestion.reporters import ReporterReader
from ingestion.row_branches import RowBranches
from ingestion.row_periods import read_row_periods, refuse_not_begun
from ingestion.statements import decide_period
from ingestion.table_values import ValueReader
from ingestion.texts import as_text, cell_address, fold
from ingestion.workbook import Cell, Sheet


class TableReader:
    """Reads tables of a register's branches; what it has looked up once it remembers."""

    def __init__(self, register: Register) -> None:
        self.reporters = ReporterReader(register)
        self._branches = RowBranches(register)
        self._values = ValueReader()

    def read(self, sheet: Sheet, table: Table, above: Sequence[Preamble], source: Source) -> list[Draft]:
        """A table as drafts: one, or one for every period column. `above`: texts above earlier tables of the sheet."""
        if table.columns.form.layout is Layout.PERIODS_ACROSS:
            drafts = list(read_periods_across(sheet, table, above))
            for each in drafts:
                refuse_not_begun(each, source.received_on)
            return drafts
        draft = Draft(sheet, table, table.columns.form)
        grid = grid_of(sheet.rows, table.data_rows)
        _decide_period(draft, above, source)
        self._decide_unit(draft, grid, above, source)
        draft.rows = self._branches.rows(draft)
        if len(draft.rows) != len(table.data_rows):
            grid = grid_of(sheet.rows, draft.rows)
        report_header(draft, grid)
        for row in table.nameless_rows:
            texts = " | ".join(as_text(cell) for cell in sheet.rows[row] if cell != "")
            cell = cell_address(row, table.columns.name_column)
            draft.find("row_not_understood", cell=cell, row=row, original=texts)
        if draft.rows:
            self._values.read(draft, grid, above)
            read_row_periods(draft, grid, source.received_on)
            self._branches.find(draft, grid)
            look_for_personal_data(draft, grid)
        return [draft]

    def _decide_unit(
        self, draft: Draft, grid: Sequence[Sequence[Cell]], above: Sequence[Preamble], source: Source
    ) -> None:
        form, roles = draft.form, draft.columns.roles
        codes: list[str] = []
        if form.grain is Grain.REGISTER and "township_code" in draft.columns.fields:
            column = draft.columns.fields["township_code"]
            codes = [fold(as_text(cell)) for cell in (grid[column] if grid else ())]
        elif "branch_code" in roles and grid:
            codes = [code for cell in grid[roles["branch_code"]] if (code := branch_code(cell))]
        townships = map(as_text, grid[roles["township"]]) if "township" in roles and grid else ()
        reporter = self.reporters.decide(form, source.folders, draft.table.preamble, above, codes, townships)
        draft.unit = reporter.code
        if reporter.problem:
            where = reporter.source
            cell, original = (where.cell, where.text) if where else (None, None)
            if reporter.details:  # else it is no matter of this table, and said once for the file
                draft.find(reporter.problem, cell=cell, original=original, details=reporter.details)
            draft.refused = draft.refused or reporter.problem


def _decide_period(draft: Draft, above: Sequence[Preamble], source: Source) -> None:
    stated = decide_period(draft.form, draft.table.preamble, above, draft.sheet.name, source.stem)
    draft.period, draft.period_source = stated.period, stated.source
    if not stated.problem:
        refuse_not_begun(draft, source.received_on)
        return
    if "period" in draft.columns.roles and stated.problem != "period_conflict":
        draft.spans_rows = True
        return
    where = stated.source
    draft.find(
        stated.problem,
        cell=where.cell if where else None,
        original=where.text if where else None,
        details=stated.details,
    )
    draft.refused = stated.problem
