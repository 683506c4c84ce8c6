"""What the cells of a table say: how its columns are read, in which units, and their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingestion import units
from ingestion.drafts import Draft
from ingestion.findings import Details
from ingestion.forms import Column, ColumnType
from ingestion.header import Columns, proposal
from ingestion.header_findings import header_cell, header_text
from ingestion.layout import Preamble
from ingestion.records import FieldPlace
from ingestion.statements import UnitLine, unit_lines
from ingestion.texts import cell_address, column_letter
from ingestion.totals import is_summed
from ingestion.values import ColumnReader, ColumnValues, shown_cells, unit_details, unread
from ingestion.workbook import Cell

_MEASURED = (ColumnType.MONEY, ColumnType.COUNT, ColumnType.NUMBER)
# Problems of cells that hold a figure the reader could not make out.
_UNREAD = frozenset({"value_not_number", "value_error_cell"})


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a header's columns are read: field, column and reader (None: not at all), in which units, from where."""

    columns: Columns
    readers: Sequence[tuple[str, int, ColumnReader | None]]
    units: Mapping[str, str]
    places: tuple[FieldPlace, ...]
    summed: tuple[tuple[str, int], ...]


class ValueReader:
    """Reads the columns of tables; how a header's columns are read it remembers."""

    def __init__(self) -> None:
        self._plans: dict[tuple[object, ...], _Plan] = {}

    def read(self, draft: Draft, grid: Sequence[Sequence[Cell]], above: Sequence[Preamble]) -> None:
        lines = _unit_lines(draft.table.preamble) or _unit_lines(above)
        plan = self._plan_of(draft, lines)
        draft.units, draft.places, draft.summed = plan.units, plan.places, plan.summed
        values, sums = draft.values, draft.sums
        for name, index, reader in plan.readers:
            cells = grid[index]
            if reader is None or (draft.columns.valid_from and not _is_valid_yet(draft, name, index)):
                values[name] = [None] * len(cells)
                draft.states[name] = unread(cells)
                continue
            result = reader.read(cells)
            values[name] = result.values
            sums[name] = result.total
            if result.states:
                draft.states[name] = result.states
            if result.problems or result.suspected_unit:
                report_values(draft, reader.column, index, cells, result)
                if any(problem.code in _UNREAD for problem in result.problems):
                    del sums[name]  # what was not read is in the total: the two cannot be held against each other
        if "万元" in draft.suspected.values():
            _suspect_the_rest(draft, grid)
        if draft.suspected:
            fields = draft.columns.fields
            report_suspected_units(draft, {name: (fields[name], grid[fields[name]]) for name in draft.suspected})
        for name, index in draft.columns.doubled:
            draft.states[name] = unread(grid[index])

    def _plan_of(self, draft: Draft, lines: Sequence[tuple[Preamble, UnitLine]]) -> _Plan:
        """How the columns are read: remembered for every header and unit line seen before."""
        columns = draft.columns
        key = (id(columns), *(line for _, line in lines))
        known = self._plans.get(key)
        if known is not None and known.columns is columns:
            return known
        readers: list[tuple[str, int, ColumnReader | None]] = []
        stated: dict[str, str] = {}
        refused = False
        for name, index in columns.fields.items():
            column = draft.form.by_name[name]
            unit, problem = _unit_of(draft, column, index, lines)
            if unit is not None:
                stated[name] = unit
            refused |= problem
            readers.append((name, index, None if problem else ColumnReader(column, unit)))
        places = tuple(
            FieldPlace(name, column_letter(i), columns.headers[i], stated.get(name, draft.form.by_name[name].unit))
            for name, i in columns.fields.items()
        )
        summed = tuple((name, index) for name, index, _ in readers if is_summed(draft.form.by_name[name]))
        plan = _Plan(columns, readers, stated, places, summed)
        if not refused:  # what is refused has to be said every time
            self._plans[key] = plan
        return plan


def report_values(draft: Draft, column: Column, index: int, cells: Sequence[Cell], result: ColumnValues) -> None:
    """Note which unit a column's figures look like, and report what its cells are not."""
    if result.suspected_unit:
        draft.suspected[column.name] = result.suspected_unit
    for problem in result.problems:
        draft.find_at(problem.code, problem.index, index, field=column.name, details=problem.details)


def report_suspected_units(draft: Draft, suspects: Mapping[str, tuple[int, Sequence[Cell]]]) -> None:
    """One finding for the columns of a table that look like one other unit than theirs: they have one cause.

    `suspects` tells of every field that is suspected its column and cells.
    """
    alike: dict[tuple[object, ...], list[str]] = {}
    for name in suspects:
        said = unit_details(draft.form.by_name[name], draft.suspected[name], draft.units.get(name))
        alike.setdefault((said["basis"], said["suspected"], said["factor"]), []).append(name)
    for names in alike.values():
        names.sort(key=lambda name: suspects[name][0])
        columns = [draft.form.by_name[name] for name in names]
        letters = [column_letter(suspects[name][0]) for name in names]
        labels = [column.label for column in columns]
        details = unit_details(columns[0], draft.suspected[names[0]], draft.units.get(names[0]))
        draft.find(
            "unit_suspect",
            cell="、".join(f"{letter}{draft.rows[0] + 1}:{letter}{draft.rows[-1] + 1}" for letter in letters),
            field=names[0] if len(names) == 1 else None,
            original="；".join(shown_cells(suspects[name][1]) for name in names),
            details={**details, "label": ("”、“".join(labels), "”, “".join(labels))},
        )


def _suspect_the_rest(draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
    """Where some columns under 元 are plainly in 万元, others as small are no longer taken for 元 either."""
    for name, index in draft.columns.fields.items():
        column = draft.form.by_name[name]
        if column.type is ColumnType.MONEY and draft.units.get(name) == "元" and name not in draft.suspected:
            result = ColumnReader(column, "元", doubtful=True).read(grid[index])
            if result.suspected_unit:
                draft.values[name], draft.states[name] = result.values, result.states
                result.problems = ()
                report_values(draft, column, index, grid[index], result)


def _unit_of(
    draft: Draft, column: Column, index: int, lines: Sequence[tuple[Preamble, UnitLine]]
) -> tuple[str | None, bool]:
    """The unit the sheet states for a column: in its header, else on the unit line; and whether it is refused."""
    if column.type not in _MEASURED or column.unit is None:
        return None, False
    details: Details
    stated = draft.columns.units.get(column.name)
    if stated is not None:
        if units.factor(column, stated) is not None:
            return stated, False
        details = {"label": column.label, "unit": stated, "expected": column.unit}
        cell = header_cell(draft, index, stated)
        original = header_text(draft, cell)
        draft.find("unit_unknown", cell=cell, field=column.name, original=original, details=details)
        return stated, True
    for text, line in lines if column.type is ColumnType.MONEY else ():
        for unit in line.units:
            if units.factor(column, unit) is not None:
                return unit, False
        if line.unknown_unit:
            details = {"label": column.label, "unit": line.unknown_unit, "expected": column.unit}
            cell = cell_address(text.row, text.column)
            draft.find("unit_unknown", cell=cell, field=column.name, original=text.text, details=details)
            return None, True
    return None, False


def _is_valid_yet(draft: Draft, name: str, index: int) -> bool:
    """Whether the header text already meant this field in the table's period."""
    first = draft.columns.valid_from.get(name)
    if first is None or draft.period is None or draft.period.end >= first:
        return True
    header = draft.columns.headers[index]
    cell = header_cell(draft, index, header)
    details: Details = {"header": header, "proposal": proposal(draft.form.by_name[name].label)}
    draft.find("column_unknown", cell=cell, field=name, original=header, details=details)
    return False


def _unit_lines(texts: Sequence[Preamble]) -> list[tuple[Preamble, UnitLine]]:
    """What is stated about units, the nearest to the table first."""
    return [
        (text, line) for text in reversed(texts) for line in unit_lines(text.text) if line.units or line.unknown_unit
    ]
