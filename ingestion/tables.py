"""One table read: its period, its reporting unit, whose rows they are, what the cells say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingestion import units
from ingestion.drafts import Draft, grid_of
from ingestion.findings import Details
from ingestion.forms import Column, ColumnType, Grain, Layout
from ingestion.header import Columns, proposal
from ingestion.header_findings import header_cell, header_text, report_header
from ingestion.layout import Preamble, Table
from ingestion.matching import BranchMatcher, Match, branch_code
from ingestion.periods import fit
from ingestion.personal import FEWEST, is_personal_text
from ingestion.records import FieldPlace, Source
from ingestion.register import Register
from ingestion.reporters import ReporterReader
from ingestion.row_periods import filled_down, read_row_periods
from ingestion.statements import UnitLine, decide_period, indicator_of, unit_lines
from ingestion.texts import as_text, cell_address, column_letter, fold
from ingestion.totals import is_summed
from ingestion.values import ColumnReader, ColumnValues, read_column, shown_cells, unit_details, unread
from ingestion.workbook import Cell, Sheet

_MANY = 1e10
_MEASURED = (ColumnType.MONEY, ColumnType.COUNT, ColumnType.NUMBER)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a header's columns are read: field, column and reader (None: not at all), in which units, from where."""

    columns: Columns
    readers: Sequence[tuple[str, int, ColumnReader | None]]
    units: Mapping[str, str]
    places: tuple[FieldPlace, ...]
    summed: tuple[tuple[str, int], ...]


# Problems of cells that hold a figure the reader could not make out.
_UNREAD = frozenset({"value_not_number", "value_error_cell"})


class TableReader:
    """Reads tables of a register's branches; what it has looked up once it remembers."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._matcher = BranchMatcher(register)
        self.reporters = ReporterReader(register)
        self._plans: dict[tuple[object, ...], _Plan] = {}

    def read(self, sheet: Sheet, table: Table, above: Sequence[Preamble], source: Source) -> list[Draft]:
        """A table as drafts: one, or one for every period column. `above`: texts above earlier tables of the sheet."""
        if table.columns.form.layout is Layout.PERIODS_ACROSS:
            return list(self._read_periods_across(sheet, table, above))
        draft = Draft(sheet, table, table.columns.form)
        grid = grid_of(sheet.rows, table.data_rows)
        self._decide_period(draft, above, source)
        self._decide_unit(draft, grid, above, source)
        draft.rows = self._rows(draft)
        if len(draft.rows) != len(table.data_rows):
            grid = grid_of(sheet.rows, draft.rows)
        report_header(draft, grid)
        for row in table.nameless_rows:
            texts = " | ".join(as_text(cell) for cell in sheet.rows[row] if cell != "")
            cell = cell_address(row, table.columns.name_column)
            draft.find("row_not_understood", cell=cell, row=row, original=texts)
        if draft.rows:
            self._read_values(draft, grid, above)
            read_row_periods(draft, grid)
            self._match(draft, grid)
            self._look_for_personal_data(draft, grid)
        return [draft]

    # Whose and when

    def _decide_period(self, draft: Draft, above: Sequence[Preamble], source: Source) -> None:
        stated = decide_period(draft.form, draft.table.preamble, above, draft.sheet.name, source.stem)
        draft.period, draft.period_source = stated.period, stated.source
        if not stated.problem:
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
            draft.find(reporter.problem, cell=cell, original=original, details=reporter.details)
            draft.refused = draft.refused or reporter.problem

    def _rows(self, draft: Draft) -> list[int]:
        """Rows with figures, and those that only name a branch; other texts alone on a row are headings."""
        table = draft.table
        if not table.lone_rows:
            return table.data_rows
        name = draft.columns.name_column
        rows = list(table.data_rows)
        for row in table.lone_rows:
            text = as_text(draft.sheet.rows[row][name])
            on = draft.period.end if draft.period else None
            if draft.unit and on and self._matcher.is_branch(draft.unit, on, text):
                rows.append(row)
            else:
                draft.headings.append(row)
        return sorted(rows)

    def _match(self, draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
        """Find the branch of every row; rows without one are held."""
        columns, form = draft.columns, draft.form
        draft.names = grid[columns.name_column]
        if form.grain is Grain.AREA:
            draft.branches = [None] * len(draft.rows)
        elif form.grain is Grain.REGISTER:
            self._declare(draft, grid)
        elif form.grain is Grain.UNIT:
            self._match_units(draft)
        elif draft.refused or draft.unit is None:
            draft.branches = [None] * len(draft.rows)
        else:
            self._match_branches(draft, grid, draft.unit)

    def _match_branches(self, draft: Draft, grid: Sequence[Sequence[Cell]], unit: str) -> None:
        roles = draft.columns.roles
        names = draft.names if "branch_name" in roles else [""] * len(draft.rows)
        codes = grid[roles["branch_code"]] if "branch_code" in roles else None
        townships = filled_down(grid[roles["township"]]) if "township" in roles else None
        if draft.periods is None:
            on = draft.period.end if draft.period else date.max
            draft.branches, problems = self._matcher.match(unit, on, names, codes, townships)
        else:
            draft.branches, problems = self._match_by_period(draft, unit, names, codes, townships)
        for position, match in problems.items():
            if position not in draft.held and match.problem:
                column = roles["branch_code"] if match.by_code else draft.columns.name_column
                draft.find_at(match.problem, position, column, details=match.details)
                if match.code is None:
                    draft.held[position] = match.problem

    def _match_units(self, draft: Draft) -> None:
        """Find the area that every row is about: the one that reports, or one within it."""
        draft.branches = [None] * len(draft.rows)
        unit = draft.unit
        if draft.refused or unit is None:
            return
        for position, cell in enumerate(draft.names):
            within = [area for area in self._register.areas_named(as_text(cell)) if area.code.startswith(unit)]
            if len(within) == 1:
                draft.branches[position] = within[0].code
                continue
            reporting = self._register.area(unit)
            details: Details = {"name": as_text(cell).strip(), "nearest": reporting.name if reporting else unit}
            draft.find_at("branch_unknown", position, draft.columns.name_column, details=details)
            draft.held[position] = "branch_unknown"

    def _match_by_period(
        self,
        draft: Draft,
        unit: str,
        names: Sequence[Cell],
        codes: Sequence[Cell] | None,
        townships: Sequence[Cell] | None,
    ) -> tuple[list[str | None], dict[int, Match]]:
        """Match row by row where every row has a period, and so a day that counts, of its own."""
        branches: list[str | None] = []
        problems: dict[int, Match] = {}
        for n in range(len(draft.rows)):
            period = draft.period_of(n)
            on = period.end if period else date.max
            found, problem = self._matcher.match(
                unit, on, [names[n]], codes and [codes[n]], townships and [townships[n]]
            )
            branches.extend(found)
            if 0 in problem:
                problems[n] = problem[0]
        return branches, problems

    def _declare(self, draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
        """Rows of a register say themselves which branch they are about."""
        roles = draft.columns.roles
        missing = "branch_code" not in roles
        cells = [""] * len(draft.rows) if missing else grid[roles["branch_code"]]
        draft.branches = [branch_code(cell) for cell in cells]
        for position, code in enumerate(draft.branches):
            if code is None:
                column = draft.columns.name_column if missing else roles["branch_code"]
                draft.find_at("branch_code_invalid", position, column)
                draft.held[position] = "branch_code_invalid"
            elif not fold(as_text(draft.names[position])):
                draft.find_at("row_not_understood", position, draft.columns.name_column)
                draft.held[position] = "row_not_understood"

    # Values

    def _read_values(self, draft: Draft, grid: Sequence[Sequence[Cell]], above: Sequence[Preamble]) -> None:
        lines = _unit_lines(draft.table.preamble) or _unit_lines(above)
        plan = self._plan_of(draft, lines)
        draft.units, draft.places, draft.summed = plan.units, plan.places, plan.summed
        values, sums = draft.values, draft.sums
        for name, index, reader in plan.readers:
            cells = grid[index]
            if reader is None or (draft.columns.valid_from and not self._is_valid_yet(draft, name, index)):
                values[name] = [None] * len(cells)
                draft.states[name] = unread(cells)
                continue
            result = reader.read(cells)
            values[name] = result.values
            sums[name] = result.total
            if result.states:
                draft.states[name] = result.states
            if result.problems or result.suspected_unit:
                _report_values(draft, reader.column, index, cells, result)
                if any(problem.code in _UNREAD for problem in result.problems):
                    del sums[name]  # what was not read is in the total: the two cannot be held against each other
        if "万元" in draft.suspected.values():
            self._suspect_the_rest(draft, grid)
        for name, index in draft.columns.doubled:
            draft.states[name] = unread(grid[index])

    def _suspect_the_rest(self, draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
        """Where some columns under 元 are plainly in 万元, others as small are no longer taken for 元 either."""
        for name, index in draft.columns.fields.items():
            column = draft.form.by_name[name]
            if column.type is ColumnType.MONEY and draft.units.get(name) == "元" and name not in draft.suspected:
                result = ColumnReader(column, "元", doubtful=True).read(grid[index])
                if result.suspected_unit:
                    draft.values[name], draft.states[name] = result.values, result.states
                    result.problems = ()
                    _report_values(draft, column, index, grid[index], result)

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
            unit, problem = self._unit_of(draft, column, index, lines)
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

    def _unit_of(
        self, draft: Draft, column: Column, index: int, lines: Sequence[tuple[Preamble, UnitLine]]
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

    def _is_valid_yet(self, draft: Draft, name: str, index: int) -> bool:
        """Whether the header text already meant this field in the table's period."""
        first = draft.columns.valid_from.get(name)
        if first is None or draft.period is None or draft.period.end >= first:
            return True
        header = draft.columns.headers[index]
        cell = header_cell(draft, index, header)
        details: Details = {"header": header, "proposal": proposal(draft.form.by_name[name].label)}
        draft.find("column_unknown", cell=cell, field=name, original=header, details=details)
        return False

    def _look_for_personal_data(self, draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
        """Texts that would be landed, and remarks: identity and telephone numbers are taken out."""
        columns = draft.columns
        for name in draft.form.text_fields:
            index = columns.fields.get(name)
            for position in _personal(grid[index]) if index is not None else ():
                draft.take_out(name, position)
                draft.find_at("cell_personal", position, index or 0, field=name)
        for index in columns.remarks:
            for position in _personal(grid[index]):
                draft.find_at("cell_personal", position, index)
        if "branch_code" in columns.roles:
            index = columns.roles["branch_code"]
            if None in map(branch_code, grid[index]):
                for position in _personal(grid[index]):
                    draft.find_at("cell_personal", position, index)
        self._look_into_names(draft)
        if draft.form.grain is not Grain.AREA:
            _take_out_figures(draft, grid)

    def _look_into_names(self, draft: Draft) -> None:
        """A name with a person's number is masked where the register tells whose row it is, else the row is held."""
        for position in _personal(draft.names):
            if position not in draft.held:
                draft.find_at("cell_personal", position, draft.columns.name_column)
                if draft.form.grain is not Grain.BRANCH:
                    draft.held[position] = "cell_personal"

    # One column per period

    def _read_periods_across(self, sheet: Sheet, table: Table, above: Sequence[Preamble]) -> Iterator[Draft]:
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
            draft.constants = (
                {} if indicator is None else {"indicator": indicator.text, "indicator_unit": indicator.unit}
            )
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
                _report_values(draft, column, index, grid[index], result)
                self._look_into_names(draft)
            yield draft


def _unit_lines(texts: Sequence[Preamble]) -> list[tuple[Preamble, UnitLine]]:
    """What is stated about units, the nearest to the table first."""
    return [
        (text, line) for text in reversed(texts) for line in unit_lines(text.text) if line.units or line.unknown_unit
    ]


def _report_values(draft: Draft, column: Column, index: int, cells: Sequence[Cell], result: ColumnValues) -> None:
    if result.suspected_unit:
        draft.suspected[column.name] = result.suspected_unit
        letter = column_letter(index)
        draft.find(
            "unit_suspect",
            cell=f"{letter}{draft.rows[0] + 1}:{letter}{draft.rows[-1] + 1}",
            field=column.name,
            original=shown_cells(cells),
            details=unit_details(column, result.suspected_unit, draft.units.get(column.name)),
        )
    for problem in result.problems:
        draft.find_at(problem.code, problem.index, index, field=column.name, details=problem.details)


def _take_out_figures(draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
    """No branch has ten thousand million of anything: a figure as large that reads as a person's number is one."""
    for name, index in draft.columns.fields.items():
        if draft.sums.get(name, _MANY) < _MANY or draft.form.by_name[name].type is ColumnType.TEXT:
            continue
        for position in _personal(grid[index]):
            draft.sums.pop(name, None)  # the sum would tell it
            if draft.values[name][position] is not None:
                draft.take_out(name, position)
                draft.find_at("cell_personal", position, index, field=name)


def _personal(cells: Sequence[Cell]) -> list[int]:
    if set(map(type, cells)) == {str} and max(map(len, cells)) < FEWEST:  # type: ignore[arg-type]
        return []
    return [
        n
        for n, cell in enumerate(cells)
        if not (type(cell) is str and len(cell) < FEWEST) and is_personal_text(as_text(cell))
    ]
