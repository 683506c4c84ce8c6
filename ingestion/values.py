"""A column of cells to values: every cell a value, a state or a problem, checked for wholeness, range and unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from ingestion import units
from ingestion.cell_memo import CellMemo, memo_of
from ingestion.cells import State, bounds, range_details
from ingestion.findings import Details
from ingestion.forms import Column, ColumnType
from ingestion.texts import as_text
from ingestion.workbook import Cell

_YUAN, _WAN = 1.0, 10_000.0  # factors of 元 and 万元
_LEAST_YUAN = 100  # a sum in 元 under a header in 万元 is at least this
_MOST_WAN = 1_000  # figures in 万元 under a header in 元 are below this
_ENOUGH = 3  # figures that speak for a column


_FLOATS = {float}
_FLOATS_AND_TEXTS = {float, str}
_NO_STATES: Mapping[int, State] = {}
_HUGE = 1e18
_MOST_SEEN = 10_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with (or was repaired in) one cell of a column; `index` counts the column's cells from 0."""

    index: int
    code: str
    details: Details = field(default_factory=dict)


class ColumnValues:
    """A column as read: a value or None for every cell, the states of the Nones (missing unless stated), the problems.

    Money is in yuan, the rest in the spec's unit; `total` is the sum of all figures in the sheet's own unit, before any
    was refused. `suspected_unit` is set when the column as a whole looks as if it were in that unit.
    """

    __slots__ = ("problems", "states", "suspected_unit", "total", "values")

    def __init__(self, values: list[Cell | None]) -> None:
        self.values = values
        self.states: Mapping[int, State] = _NO_STATES
        self.problems: Sequence[Problem] = ()
        self.total = 0.0
        self.suspected_unit: str | None = None


class ColumnReader:
    """Reads cells of one column that are in one unit (the spec's own when None).

    `doubtful`: other columns in that unit, 元, turned out to be in 万元.
    """

    def __init__(self, column: Column, unit: str | None = None, *, doubtful: bool = False) -> None:
        self.column = column
        self._unit = unit
        self._memo = memo_of(column)
        self._is_figure = column.type in (ColumnType.MONEY, ColumnType.COUNT, ColumnType.NUMBER)
        self._enough = 1 if doubtful else _ENOUGH
        self._factor = 1.0
        if self._is_figure:
            found = units.factor(column, unit) if unit else None
            self._factor = units.stated_factor(column) if found is None else found
            self._low, self._high = bounds(column, self._factor)
            self._whole = column.type is ColumnType.COUNT and self._factor == 1.0
            self._in_yuan = column.type is ColumnType.MONEY and self._factor == _YUAN

    def read(self, cells: Sequence[Cell]) -> ColumnValues:
        """What the cells say, one by one and as a column. The result may be shared: it is not to be changed."""
        if self._is_figure:
            types = set(map(type, cells))
            if types == _FLOATS and (plain := self._read_plain(cells)):  # type: ignore[arg-type]
                return plain
            if types == _FLOATS_AND_TEXTS and (plain := self._read_with_gaps(cells)):
                return plain
            if bool in types:  # True equals 1, also as a key of a memory
                cells = [str(cell).upper() if type(cell) is bool else cell for cell in cells]
        if type(cells) is not tuple or self.column.type is ColumnType.TEXT:
            return self._read_closely(cells)
        key = (self, cells)
        known = _seen.get(key)
        if known is None:
            if len(_seen) >= _MOST_SEEN:
                _seen.clear()
            known = _seen[key] = self._read_closely(cells)
        return known

    def _read_plain(self, cells: Sequence[float]) -> ColumnValues | None:
        """Figures that are all numbers within their bounds; None when they are not, or need a closer look."""
        low, high = min(cells), max(cells)
        if not (self._low <= low and high <= self._high):
            return None
        total = fsum(cells)
        if total != total or self._is_doubtful(cells, high):  # a sum that is not itself holds NaN
            return None
        result = ColumnValues(_scaled(cells, self._factor))
        result.total = total
        return result

    def _read_with_gaps(self, cells: Sequence[Cell]) -> ColumnValues | None:
        """The same where some cells are empty, and nothing is to be said of them."""
        figures = [cell for cell in cells if type(cell) is float]
        blank = self._memo.blank
        if blank.problem or len(figures) + cells.count("") != len(cells):
            return None
        result = self._read_plain(figures)
        if result is None:
            return None
        values = iter(result.values)
        result.values = [None if cell == "" else next(values) for cell in cells]
        if blank.state is not State.MISSING:
            result.states = {n: blank.state for n, cell in enumerate(cells) if cell == ""}
        return result

    def _read_closely(self, cells: Sequence[Cell]) -> ColumnValues:
        return self._read_figures(cells) if self._is_figure else self._read_others(cells)

    def _read_others(self, cells: Sequence[Cell]) -> ColumnValues:
        memo = self._memo
        memo.forget_when_full()
        if self.column.type is ColumnType.TEXT:
            result = ColumnValues([memo[cell] if type(cell) is str else memo.read(cell).value for cell in cells])
        else:
            result = ColumnValues(list(map(memo.__getitem__, cells)))
        if not memo.special.keys().isdisjoint(cells):
            _note_special(result, cells, memo)
        return result

    def _is_doubtful(self, cells: Sequence[float], high: float) -> bool:
        """Whether figures within their bounds need a closer look: fractions of persons, or 万元 under 元."""
        if self._whole:
            return not all(map(float.is_integer, cells))
        return (self._in_yuan and high < _MOST_WAN) or self.column.type is ColumnType.COUNT

    def _read_figures(self, cells: Sequence[Cell]) -> ColumnValues:
        """Figures of which some are no plain numbers within their bounds."""
        result = ColumnValues([])
        self._memo.forget_when_full()
        figures = self._figures(cells, result)
        present = [number for number in figures if number is not None]
        if present and not all(map(_HUGE.__gt__, map(abs, present))):
            # What is no number (NaN) or too large for one is read as the text it would be.
            cells = [str(cell) if type(cell) is float and not abs(cell) < _HUGE else cell for cell in cells]
            figures = self._figures(cells, result)
            present = [number for number in figures if number is not None]
        result.total = fsum(present)
        if present:
            low, high = min(present), max(present)
            if not (self._low <= low and high <= self._high) or self._is_doubtful(present, high):
                _judge(self.column, self._unit, figures, self._factor, result, self._enough)
        result.values = _scaled(figures, self._factor)
        return result

    def _figures(self, cells: Sequence[Cell], result: ColumnValues) -> list[float | None]:
        """The number of every cell in the sheet's unit; what is no plain number is noted in the result."""
        memo = self._memo
        figures: list[float | None] = [
            cell if type(cell) is float else memo[cell]  # type: ignore[misc]
            for cell in cells
        ]
        if not memo.special.keys().isdisjoint(cells):
            _note_special(result, cells, memo)
            for problem in result.problems:
                number = figures[problem.index]
                if problem.code == "value_unit_in_cell" and number is not None:
                    figures[problem.index] = number / self._factor  # the cell's own unit has been applied already
        return figures


# Columns as they were read, by reader and cells: flags, choices and columns with blanks say the same month after month.
_seen: dict[tuple[ColumnReader, tuple[Cell, ...]], ColumnValues] = {}


def read_column(column: Column, cells: Sequence[Cell], unit: str | None = None) -> ColumnValues:
    """Read the cells of one column; `unit` is the unit its sheet states for it (the spec's own when None)."""
    return ColumnReader(column, unit).read(cells)


def unread(cells: Sequence[Cell]) -> Mapping[int, State]:
    """The states of a column that is not read at all."""
    return {n: State.UNREAD for n, cell in enumerate(cells) if cell != ""}


def unit_details(column: Column, suspected: str, stated: str | None = None) -> Details:
    """Details of a unit_suspect finding: the unit stated, the one suspected, and how many times they differ."""
    unit = stated or column.unit or ""
    basis = (f"标明单位为{unit}", f"is in {unit}")
    if stated is None:
        basis = (f"没有标明单位，按报表默认单位{unit}读取", f"states no unit, so that the form's, {unit}, counts")
    ratio = (units.factor(column, unit) or 1.0) / (units.factor(column, suspected) or 1.0)
    shown = f"{max(ratio, 1 / ratio):,.0f}"
    return {"label": column.label, "basis": basis, "suspected": suspected, "factor": shown}


def _note_special(result: ColumnValues, cells: Sequence[Cell], memo: CellMemo) -> None:
    """Note states and problems of the cells that mean more than their value."""
    states: dict[int, State] = {}
    problems: list[Problem] = []
    found = memo.special.keys() & set(cells)
    for special in found:
        outcome = memo.special[special]
        kind = type(special)
        if kind is str:
            positions = [n for n, cell in enumerate(cells) if cell == special]
        else:
            positions = [n for n, cell in enumerate(cells) if cell == special and type(cell) is kind]
        if outcome.value is None and outcome.state is not State.MISSING:
            states.update(dict.fromkeys(positions, outcome.state))
        if outcome.problem:
            problems.extend(Problem(n, outcome.problem, outcome.details) for n in positions)
    result.states = states
    if problems:
        result.problems = sorted(problems, key=lambda problem: problem.index)


def _judge(
    column: Column,
    unit: str | None,
    figures: list[float | None],
    factor: float,
    result: ColumnValues,
    enough: int,
) -> None:
    """Refuse what is not whole or out of range; a column mostly off by the ratio of two units is refused as a whole."""
    low, high = bounds(column, factor)
    outside = [i for i, number in enumerate(figures) if number is not None and not low <= number <= high]
    suspects = {i: _looks_like_yuan(column, figures[i], factor) for i in outside}
    nonzero = [number for number in figures if number]
    many_in_yuan = sum(suspects.values()) > 1 and sum(suspects.values()) * 2 >= len(nonzero)
    if many_in_yuan or _look_like_wan(column, nonzero, factor, enough):
        result.suspected_unit = "元" if many_in_yuan else "万元"
        _refuse(figures, [i for i, number in enumerate(figures) if number], result)
        return
    for index in outside:
        details = unit_details(column, "元", unit) if suspects[index] else range_details(column)
        code = "unit_suspect" if suspects[index] else "value_out_of_range"
        result.problems = [*result.problems, Problem(index, code, details)]
    _refuse(figures, outside, result)
    if column.type is ColumnType.COUNT:
        _refuse_fractions(column, figures, factor, result)


def _refuse_fractions(column: Column, figures: list[float | None], factor: float, result: ColumnValues) -> None:
    broken = [i for i, n in enumerate(figures) if n is not None and not round(n * factor, 6).is_integer()]
    details: Details = {"label": column.label}
    result.problems = [*result.problems, *(Problem(index, "value_not_whole", details) for index in broken)]
    _refuse(figures, broken, result)


def _refuse(figures: list[float | None], positions: Sequence[int], result: ColumnValues) -> None:
    """Take out figures that stand in the sheet and are not believed."""
    for position in positions:
        figures[position] = None
    result.states = {**result.states, **dict.fromkeys(positions, State.UNREAD)}


def _looks_like_yuan(column: Column, number: float | None, factor: float) -> bool:
    """Whether a figure that is out of range in 万元 would be a plausible sum in 元."""
    if column.type is not ColumnType.MONEY or factor != _WAN or number is None or number < _LEAST_YUAN:
        return False
    low, high = bounds(column, _YUAN)
    return low <= number <= high


def _look_like_wan(column: Column, nonzero: Sequence[float], factor: float, enough: int) -> bool:
    """Whether figures under a header in 元 would all be a few fen and yuan, and are plausible in 万元."""
    if column.type is not ColumnType.MONEY or factor != _YUAN or len(nonzero) < enough:
        return False
    low, high = bounds(column, _WAN)
    fractions = sum(not number.is_integer() for number in nonzero)
    return all(low <= number <= high and number < _MOST_WAN for number in nonzero) and fractions * 2 > len(nonzero)


def _scaled(figures: Sequence[float | None], factor: float) -> list[Cell | None]:
    if factor == 1.0:
        return list(figures)
    if None not in figures:
        return [number * factor for number in figures]  # type: ignore[operator]
    return [None if number is None else number * factor for number in figures]


def shown_cells(cells: Sequence[Cell], most: int = 3) -> str:
    """The first cells of a column as a finding shows them."""
    texts = [as_text(cell) for cell in cells if cell != ""]
    return "、".join(texts[:most]) + ("…" if len(texts) > most else "")
