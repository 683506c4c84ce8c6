"""Cells to values: one column of a table at a time, every cell a value, a state or a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from math import fsum, isfinite

from ingestion import units
from ingestion.findings import Details
from ingestion.forms import Blank, Column, ColumnType
from ingestion.texts import NIL_TEXTS, as_text, fold
from ingestion.workbook import Cell, ErrorValue


class State(StrEnum):
    """How a value came to be, kept apart up to the marts."""

    REPORTED = "reported"
    ZERO = "zero"
    NIL = "nil"
    MISSING = "missing"
    EXEMPT = "exempt"


_TRUE = frozenset({"是", "有", "√", "✓", "✔", "☑", "v", "y", "yes", "t", "true", "对", "1", "已", "已列入"})
_FALSE = frozenset({"否", "无", "×", "✗", "✘", "x", "n", "no", "f", "false", "错", "0", "未", "没有", "未列入", "不是"})

_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d+)?")
_WITH_UNIT = re.compile(r"([-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?)(\D+)")
_APPROXIMATE = re.compile(r"(?:大约|约|近)(.+)|(.+?)(?:左右|上下|余|多)")
_DATE = re.compile(
    r"((?:19|20)\d{2})(?:年|[-./])(1[0-2]|0?[1-9])(?:月|[-./]|$)(?:(3[01]|[12]\d|0?[1-9])日?)?(?:[T]?0?0:00(?::00)?)?"
)
_COMPACT_DATE = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?")
_YEAR = re.compile(r"((?:19|20)\d{2})年?(?:\d{1,2}月)?")
_SEPARATORS = re.compile(r"[、,;/|+]")
_CONJUNCTIONS = re.compile(r"和|及|以及")
_FIRST_SERIAL, _LAST_SERIAL = 14_611, 73_415  # 1940-01-01 and 2100-12-31 as Excel serial numbers
_EXCEL_EPOCH = date(1899, 12, 30)
_LARGEST = 1e15  # what the lake's types hold exactly
_ERROR_TEXTS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with (or was repaired in) one cell of a column; `index` counts the column's cells from 0."""

    index: int
    code: str
    details: Details = field(default_factory=dict)


@dataclass(slots=True)
class ColumnValues:
    """A column as read: a value or None for every cell, the states of the Nones (missing unless stated), the problems.

    Money is in yuan, the rest in the spec's unit; `total` is the sum of all figures in the sheet's own unit, before any
    was refused. `suspected_unit` is set when the column as a whole looks as if it were in that unit.
    """

    values: list[Cell | None]
    states: dict[int, State] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    total: float = 0.0
    suspected_unit: str | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one cell says: a value, or a state where there is none, and a problem with its details."""

    value: Cell | None = None
    state: State = State.MISSING
    problem: str | None = None
    details: Details = field(default_factory=dict)


def read_column(column: Column, cells: Sequence[Cell], unit: str | None = None) -> ColumnValues:
    """Read the cells of one column; `unit` is the unit its sheet states for it (the spec's own when None)."""
    if column.type in (ColumnType.MONEY, ColumnType.COUNT, ColumnType.NUMBER):
        return _read_figures(column, cells, unit)
    reader = cell_reader(column)
    result = ColumnValues([])
    for index, cell in enumerate(cells):
        outcome = reader(cell)
        result.values.append(outcome.value)
        _note(result, index, outcome)
    return result


def figure(cell: Cell) -> float | None:
    """The number a totals cell states, in the sheet's unit; None when it states none."""
    outcome = _number_of(cell)
    return outcome.value if isinstance(outcome.value, float) else None


def _note(result: ColumnValues, index: int, outcome: _Outcome) -> None:
    if outcome.value is None and outcome.state is not State.MISSING:
        result.states[index] = outcome.state
    if outcome.problem:
        result.problems.append(Problem(index, outcome.problem, outcome.details))


# Figures


def _read_figures(column: Column, cells: Sequence[Cell], unit: str | None) -> ColumnValues:
    """Numbers of one column, checked for wholeness and range, in the unit they are landed in."""
    factor = _factor(column, unit)
    low, high = _bounds(column, factor)
    whole = column.type is ColumnType.COUNT and factor == 1.0
    plain = set(map(type, cells)) == {float}
    if plain and low <= min(cells) and max(cells) <= high and (not whole or all(map(float.is_integer, cells))):  # type: ignore[operator,type-var,arg-type]
        total = fsum(cells)  # type: ignore[arg-type]
        if isfinite(total):
            return ColumnValues(_scaled(cells, factor), total=total)  # type: ignore[arg-type]
    result = ColumnValues([])
    reader = cell_reader(column)
    figures: list[float | None] = []
    for index, cell in enumerate(cells):
        if type(cell) is float and isfinite(cell):
            figures.append(cell)
            continue
        outcome = reader(cell)
        number = outcome.value
        if outcome.problem or outcome.state is not State.MISSING:
            _note(result, index, outcome)
        if outcome.problem == "value_unit_in_cell" and isinstance(number, float):
            number = number / factor  # the cell's own unit has been applied already
        figures.append(number)  # type: ignore[arg-type]
    result.total = fsum(number for number in figures if number is not None)
    _judge(column, figures, factor, result)
    result.values = _scaled(figures, factor)
    return result


def _judge(column: Column, figures: list[float | None], factor: float, result: ColumnValues) -> None:
    """Refuse what is not whole or out of range; a column mostly off by the ratio of two units is refused as a whole."""
    low, high = _bounds(column, factor)
    outside = [i for i, number in enumerate(figures) if number is not None and not low <= number <= high]
    suspects = {i: _suspected_unit(column, figures[i], factor) for i in outside}
    nonzero = [number for number in figures if number]
    suspected = [unit for unit in suspects.values() if unit]
    if len(suspected) > 1 and len(suspected) * 2 >= len(nonzero):
        result.suspected_unit = suspected[0]
        for index, number in enumerate(figures):
            figures[index] = number if number == 0 else None
        return
    for index in outside:
        unit = suspects[index]
        problem = "unit_suspect" if unit else "value_out_of_range"
        result.problems.append(Problem(index, problem, unit_details(column, unit) if unit else _range_details(column)))
        figures[index] = None
    if column.type is ColumnType.COUNT:
        for index, number in enumerate(figures):
            if number is not None and not round(number * factor, 6).is_integer():
                result.problems.append(Problem(index, "value_not_whole", {"label": column.label}))
                figures[index] = None


def unit_details(column: Column, suspected: str) -> Details:
    """Details of a unit_suspect finding."""
    ratio = units.stated_factor(column) / (units.factor(column, suspected) or 1.0)
    return {"label": column.label, "unit": column.unit or "", "suspected": suspected, "factor": f"{ratio:,.0f}"}


def _suspected_unit(column: Column, number: float | None, factor: float) -> str | None:
    """元 for a figure that is out of range in 万元 but a plausible sum in 元 (at least 100 yuan)."""
    if column.type is not ColumnType.MONEY or factor != 10_000.0 or number is None or number < 100:
        return None
    low, high = _bounds(column, 1.0)
    return "元" if low <= number <= high else None


def _bounds(column: Column, factor: float) -> tuple[float, float]:
    """Lowest and highest figure allowed, in the sheet's unit."""
    ratio = units.stated_factor(column) / factor
    low = -_LARGEST / factor if column.min is None else column.min * ratio
    high = _LARGEST / factor if column.max is None else column.max * ratio
    return low, high


def _range_details(column: Column) -> Details:
    def shown(bound: float | None, unbounded: str) -> str:
        return unbounded if bound is None else as_text(float(bound))

    return {
        "label": column.label,
        "min": shown(column.min, "−∞"),
        "max": shown(column.max, "∞"),
        "unit": column.unit or "",
    }


def _factor(column: Column, unit: str | None) -> float:
    found = units.factor(column, unit) if unit else None
    return units.stated_factor(column) if found is None else found


def _scaled(figures: Sequence[float | None], factor: float) -> list[Cell | None]:
    if factor == 1.0:
        return list(figures)
    return [None if number is None else number * factor for number in figures]


# One cell


def _reader_of_texts(column: Column) -> Callable[[str], _Outcome]:
    readers: dict[ColumnType, Callable[[Column, str], _Outcome]] = {
        ColumnType.MONEY: _read_figure_text,
        ColumnType.COUNT: _read_figure_text,
        ColumnType.NUMBER: _read_figure_text,
        ColumnType.YEAR: _read_year_text,
        ColumnType.DATE: _read_date_text,
        ColumnType.FLAG: _read_flag_text,
        ColumnType.CHOICE: _read_choice_text,
        ColumnType.CHOICES: _read_choices_text,
        ColumnType.TEXT: lambda _, text: _Outcome(text.strip()),
    }
    read = readers[column.type]

    @lru_cache(maxsize=16_384)
    def reader(text: str) -> _Outcome:
        folded = fold(text)
        if not folded:
            return _blank(column)
        if folded[0] == "#" and folded.upper() in _ERROR_TEXTS:
            return _Outcome(problem="value_error_cell")
        return read(column, text)

    return reader


_readers: dict[int, tuple[Column, Callable[[Cell], _Outcome]]] = {}


def cell_reader(column: Column) -> Callable[[Cell], _Outcome]:
    """The function that reads any cell of the column; texts seen before are remembered."""
    known = _readers.get(id(column))
    if known is None or known[0] is not column:
        known = _readers[id(column)] = (column, _make_cell_reader(column))
    return known[1]


def _make_cell_reader(column: Column) -> Callable[[Cell], _Outcome]:
    read_text = _reader_of_texts(column)
    read_other = _OTHERS.get(column.type, _refuse_other)

    def reader(cell: Cell) -> _Outcome:
        if type(cell) is str:
            return read_text(cell)
        if isinstance(cell, ErrorValue):
            return _Outcome(problem="value_error_cell")
        return read_other(column, cell)

    return reader


def _blank(column: Column) -> _Outcome:
    if column.blank is Blank.MISSING and column.required:
        return _Outcome(problem="value_missing", details={"label": column.label})
    return _Outcome(state=State(column.blank.value))


def _refuse(column: Column) -> _Outcome:
    code = {
        ColumnType.YEAR: "value_not_year",
        ColumnType.DATE: "value_not_date",
        ColumnType.FLAG: "value_not_flag",
        ColumnType.CHOICE: "value_not_choice",
        ColumnType.CHOICES: "value_not_choice",
    }.get(column.type, "value_not_number")
    details = {"label": column.label}
    if column.choices:
        details["choices"] = "、".join(texts[0] for texts in column.choices.values())
    return _Outcome(problem=code, details=details)


def _refuse_other(column: Column, cell: Cell) -> _Outcome:
    return _refuse(column)


def _number_of(cell: Cell) -> _Outcome:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _Outcome(float(cell)) if isfinite(cell) else _Outcome()
    if isinstance(cell, str):
        folded = fold(cell)
        if folded and any(map(str.isdigit, folded)) and _NUMBER.fullmatch(folded):
            return _Outcome(float(folded.replace(",", "")))
    return _Outcome()


def _read_figure_text(column: Column, text: str) -> _Outcome:
    folded = fold(text)
    if folded in NIL_TEXTS:
        return _Outcome(state=State.NIL)
    plain = _number_of(text)
    if plain.value is not None:
        return plain
    approximate = _APPROXIMATE.fullmatch(folded)
    inner = (approximate[1] or approximate[2]) if approximate else folded
    number = _number_of(inner)
    if approximate and number.value is not None:
        return _Outcome(number.value, problem="value_approximate", details={"label": column.label, "value": inner})
    with_unit = _WITH_UNIT.fullmatch(inner)
    if with_unit:
        factor = units.factor(column, with_unit[2])
        if factor is not None:
            value = float(with_unit[1].replace(",", "")) * factor
            shown = as_text(round(value / units.stated_factor(column), 10))
            details: Details = {
                "label": column.label,
                "value": shown,
                "unit": column.unit or "",
            }
            return _Outcome(value, problem="value_unit_in_cell", details=details)
    return _refuse(column)


def _figure_other(column: Column, cell: Cell) -> _Outcome:
    number = _number_of(cell)
    return _refuse(column) if number.value is None else number


def _read_year_text(column: Column, text: str) -> _Outcome:
    folded = fold(text)
    if folded in NIL_TEXTS:
        return _Outcome(state=State.NIL)
    found = _YEAR.fullmatch(folded)
    return _year(column, int(found[1])) if found else _refuse(column)


def _year_other(column: Column, cell: Cell) -> _Outcome:
    if isinstance(cell, date):
        return _year(column, cell.year)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and float(cell).is_integer():
        return _year(column, int(cell))
    return _refuse(column)


def _year(column: Column, year: int) -> _Outcome:
    if not 1900 <= year <= 2100:
        return _refuse(column)
    low, high = _bounds(column, 1.0)
    if not low <= year <= high:
        return _Outcome(problem="value_out_of_range", details=_range_details(column))
    return _Outcome(year)


def _read_date_text(column: Column, text: str) -> _Outcome:
    folded = fold(text)
    if folded in NIL_TEXTS:
        return _Outcome(state=State.NIL)
    found = _DATE.fullmatch(folded) or _COMPACT_DATE.fullmatch(folded)
    return _date(column, found) if found else _refuse(column)


def _date(column: Column, found: re.Match[str]) -> _Outcome:
    try:
        return _Outcome(date(int(found[1]), int(found[2]), int(found[3] or 1)))
    except ValueError:
        return _refuse(column)


def _date_other(column: Column, cell: Cell) -> _Outcome:
    """Real dates, Excel serial numbers, 201403, 20140305 and 2014.03 stored as a number.

    2014.1 stored as a number is refused: it may have been typed as 2014.1 or as 2014.10.
    """
    if isinstance(cell, datetime):
        return _Outcome(cell.date())
    if isinstance(cell, date):
        return _Outcome(cell)
    if not isinstance(cell, (int, float)) or isinstance(cell, bool):
        return _refuse(column)
    if float(cell).is_integer():
        if _FIRST_SERIAL <= cell <= _LAST_SERIAL:
            return _Outcome(_EXCEL_EPOCH + timedelta(days=int(cell)))
        found = _COMPACT_DATE.fullmatch(str(int(cell)))
        return _date(column, found) if found else _refuse(column)
    text = f"{cell:.10g}"
    found = _DATE.fullmatch(text)
    return _date(column, found) if found and not text.endswith(".1") else _refuse(column)


def _read_flag_text(column: Column, text: str) -> _Outcome:
    folded = fold(text).lower()
    if folded in _TRUE:
        return _Outcome(True)
    if folded in _FALSE:
        return _Outcome(False)
    if folded in NIL_TEXTS:
        return _Outcome(state=State.NIL)
    return _refuse(column)


def _flag_other(column: Column, cell: Cell) -> _Outcome:
    if isinstance(cell, (bool, int, float)) and cell in (0, 1):
        return _Outcome(bool(cell))
    return _refuse(column)


def _read_choice_text(column: Column, text: str) -> _Outcome:
    folded = fold(text)
    code = column.choice_codes.get(folded)
    if code:
        return _Outcome(code)
    return _Outcome(state=State.NIL) if folded in NIL_TEXTS else _refuse(column)


def _read_choices_text(column: Column, text: str) -> _Outcome:
    folded = fold(text)
    choices = column.choice_codes
    if folded in choices:
        return _Outcome(choices[folded])
    if folded in NIL_TEXTS:
        return _Outcome(state=State.NIL)
    codes: list[str | None] = []
    for part in filter(None, _SEPARATORS.split(folded)):
        code = choices.get(part)
        codes.extend([code] if code else [choices.get(inner) for inner in _CONJUNCTIONS.split(part)])
    if not codes or None in codes:
        return _refuse(column)
    return _Outcome("|".join(dict.fromkeys(code for code in codes if code)))


def _text_other(column: Column, cell: Cell) -> _Outcome:
    return _Outcome(as_text(cell))


_OTHERS: dict[ColumnType, Callable[[Column, Cell], _Outcome]] = {
    ColumnType.MONEY: _figure_other,
    ColumnType.COUNT: _figure_other,
    ColumnType.NUMBER: _figure_other,
    ColumnType.YEAR: _year_other,
    ColumnType.DATE: _date_other,
    ColumnType.FLAG: _flag_other,
    ColumnType.TEXT: _text_other,
}
