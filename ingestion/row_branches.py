"""Whose rows a table holds: the branch, area or unit that every row is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingestion.drafts import Draft
from ingestion.findings import Details
from ingestion.forms import Grain
from ingestion.matching import BranchMatcher, Match, branch_code
from ingestion.register import Register
from ingestion.row_periods import filled_down
from ingestion.texts import as_text, fold
from ingestion.workbook import Cell


class RowBranches:
    """Finds the branches of rows in one register; what it has looked up once it remembers."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._matcher = BranchMatcher(register)

    def rows(self, draft: Draft) -> list[int]:
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

    def find(self, draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
        """Find the branch of every row; rows without one are held."""
        columns, form = draft.columns, draft.form
        draft.names = grid[columns.name_column]
        if form.grain is Grain.AREA:
            draft.branches = [None] * len(draft.rows)
        elif form.grain is Grain.REGISTER:
            _declare(draft, grid)
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


def _declare(draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
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
