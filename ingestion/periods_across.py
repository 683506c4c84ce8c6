"""A table with one column per period, as statistics are printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingestion.drafts import Draft, grid_of
from ingestion.findings import Details
from ingestion.header import proposal
from ingestion.header_findings import header_cell, report_header
from ingestion.layout import Preamble, Table
from ingestion.periods import fit
from ingestion.personal_cells import look_into_names
from ingestion.records import FieldPlace
from ingestion.statements import indicator_of
from ingestion.table_values import report_suspected_units, report_values
from ingestion.texts import column_letter
from ingestion.values import read_column
from ingestion.workbook import Sheet


def read_periods_across(sheet: Sheet, table: Table, above: Sequence[Preamble]) -> Iterator[Draft]:
    """A table whose columns are periods: a draft for every one of them."""
    columns, form = table.columns, table.columns.form
    column = form.columns[0]
    rows = sorted([*table.data_rows, *table.lone_rows])
    grid = grid_of(sheet.rows, rows)
    first = Draft(sheet, table, form, rows=rows)
    indicator = indicator_of(form, (*above, *table.preamble))
    if form.indicator and indicator is None:
        first.find("indicator_missing", details={"label": form.indicator.label})
        first.refused = "indicator_missing"
    report_header(first, grid)
    for index, span in columns.periods.items():
        period = fit(span, form.frequency)
        draft = first if index == min(columns.periods) else replace(first, findings=[])
        draft.period, draft.names = period, grid[columns.name_column] if grid else ()
        draft.branches = [None] * len(rows)
        draft.values, draft.states, draft.sums, draft.held = {}, {}, {}, {}
        draft.constants = {} if indicator is None else {"indicator": indicator.text, "indicator_unit": indicator.unit}
        unit = indicator.unit if indicator else column.unit
        draft.places = (
            FieldPlace(
                column.name, column_letter(index), columns.headers[index], unit, period.name if period else None
            ),
        )
        if period is None:
            details: Details = {"header": columns.headers[index], "proposal": proposal(None)}
            cell = header_cell(draft, index, columns.headers[index])
            draft.find("column_unknown", cell=cell, original=columns.headers[index], details=details)
            draft.rows = []
        elif rows:
            result = read_column(column, grid[index])
            draft.values[column.name] = result.values
            draft.sums[column.name] = result.total
            draft.states[column.name] = result.states
            report_values(draft, column, index, grid[index], result)
            if result.suspected_unit:
                report_suspected_units(draft, {column.name: (index, grid[index])})
            look_into_names(draft)
        yield draft
