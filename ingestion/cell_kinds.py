"""How a cell is read: figures, years, dates, flags, choices and texts, each as a text and as what else it may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from math import isfinite

from ingestion import units
from ingestion.cells import Outcome, State, bounds, range_details
from ingestion.findings import Details
from ingestion.forms import Column, ColumnType
from ingestion.texts import NIL_TEXTS, as_text, fold
from ingestion.workbook import Cell

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


def figure(cell: Cell) -> float | None:
    """The number a totals cell states, in the sheet's unit; None when it states none."""
    outcome = _number_of(cell)
    return outcome.value if isinstance(outcome.value, float) else None


def _refuse(column: Column) -> Outcome:
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
    return Outcome(state=State.UNREAD, problem=code, details=details)


def refuse_other(column: Column, cell: Cell) -> Outcome:
    """A cell of a kind that the column never holds."""
    return _refuse(column)


def _number_of(cell: Cell) -> Outcome:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Outcome(float(cell)) if isfinite(cell) else Outcome()
    if isinstance(cell, str):
        folded = fold(cell)
        if folded and any(map(str.isdigit, folded)) and _NUMBER.fullmatch(folded):
            return Outcome(float(folded.replace(",", "")))
    return Outcome()


def _read_figure_text(column: Column, text: str) -> Outcome:
    folded = fold(text)
    if folded in NIL_TEXTS:
        return Outcome(state=State.NIL)
    plain = _number_of(text)
    if plain.value is not None:
        return plain
    approximate = _APPROXIMATE.fullmatch(folded)
    inner = (approximate[1] or approximate[2]) if approximate else folded
    number = _number_of(inner)
    if approximate and number.value is not None:
        return Outcome(number.value, problem="value_approximate", details={"label": column.label, "value": inner})
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
            return Outcome(value, problem="value_unit_in_cell", details=details)
    return _refuse(column)


def _figure_other(column: Column, cell: Cell) -> Outcome:
    number = _number_of(cell)
    return _refuse(column) if number.value is None else number


def _read_year_text(column: Column, text: str) -> Outcome:
    folded = fold(text)
    if folded in NIL_TEXTS:
        return Outcome(state=State.NIL)
    found = _YEAR.fullmatch(folded)
    return _year(column, int(found[1])) if found else _refuse(column)


def _year_other(column: Column, cell: Cell) -> Outcome:
    if isinstance(cell, date):
        return _year(column, cell.year)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and float(cell).is_integer():
        return _year(column, int(cell))
    return _refuse(column)


def _year(column: Column, year: int) -> Outcome:
    if not 1900 <= year <= 2100:
        return _refuse(column)
    low, high = bounds(column, 1.0)
    if not low <= year <= high:
        return Outcome(state=State.UNREAD, problem="value_out_of_range", details=range_details(column))
    return Outcome(year)


def _read_date_text(column: Column, text: str) -> Outcome:
    folded = fold(text)
    if folded in NIL_TEXTS:
        return Outcome(state=State.NIL)
    found = _DATE.fullmatch(folded) or _COMPACT_DATE.fullmatch(folded)
    return _date(column, found) if found else _refuse(column)


def _date(column: Column, found: re.Match[str]) -> Outcome:
    try:
        return Outcome(date(int(found[1]), int(found[2]), int(found[3] or 1)))
    except ValueError:
        return _refuse(column)


def _date_other(column: Column, cell: Cell) -> Outcome:
    """Real dates, Excel serial numbers, 201403, 20140305 and 2014.03 stored as a number.

    2014.1 stored as a number is refused: it may have been typed as 2014.1 or as 2014.10.
    """
    if isinstance(cell, datetime):
        return Outcome(cell.date())
    if isinstance(cell, date):
        return Outcome(cell)
    if not isinstance(cell, (int, float)) or isinstance(cell, bool):
        return _refuse(column)
    if float(cell).is_integer():
        if _FIRST_SERIAL <= cell <= _LAST_SERIAL:
            return Outcome(_EXCEL_EPOCH + timedelta(days=int(cell)))
        found = _COMPACT_DATE.fullmatch(str(int(cell)))
        return _date(column, found) if found else _refuse(column)
    text = f"{cell:.10g}"
    found = _DATE.fullmatch(text)
    return _date(column, found) if found and not text.endswith(".1") else _refuse(column)


def _read_flag_text(column: Column, text: str) -> Outcome:
    folded = fold(text).lower()
    if folded in _TRUE:
        return Outcome(True)
    if folded in _FALSE:
        return Outcome(False)
    if folded in NIL_TEXTS:
        return Outcome(state=State.NIL)
    return _refuse(column)


def _flag_other(column: Column, cell: Cell) -> Outcome:
    if isinstance(cell, (bool, int, float)) and cell in (0, 1):
        return Outcome(bool(cell))
    return _refuse(column)


def _read_choice_text(column: Column, text: str) -> Outcome:
    folded = fold(text)
    code = column.choice_codes.get(folded)
    if code:
        return Outcome(code)
    return Outcome(state=State.NIL) if folded in NIL_TEXTS else _refuse(column)


def _read_choices_text(column: Column, text: str) -> Outcome:
    folded = fold(text)
    choices = column.choice_codes
    if folded in choices:
        return Outcome(choices[folded])
    if folded in NIL_TEXTS:
        return Outcome(state=State.NIL)
    codes: list[str | None] = []
    for part in filter(None, _SEPARATORS.split(folded)):
        code = choices.get(part)
        codes.extend([code] if code else [choices.get(inner) for inner in _CONJUNCTIONS.split(part)])
    if not codes or None in codes:
        return _refuse(column)
    return Outcome("|".join(dict.fromkeys(code for code in codes if code)))


def _text_other(column: Column, cell: Cell) -> Outcome:
    return Outcome(as_text(cell))


def _read_text(column: Column, text: str) -> Outcome:
    return Outcome(state=State.NIL) if fold(text) in NIL_TEXTS else Outcome(text.strip())


# How a column reads texts, and cells of any other kind, by its type.
TEXTS: dict[ColumnType, Callable[[Column, str], Outcome]] = {
    ColumnType.MONEY: _read_figure_text,
    ColumnType.COUNT: _read_figure_text,
    ColumnType.NUMBER: _read_figure_text,
    ColumnType.YEAR: _read_year_text,
    ColumnType.DATE: _read_date_text,
    ColumnType.FLAG: _read_flag_text,
    ColumnType.CHOICE: _read_choice_text,
    ColumnType.CHOICES: _read_choices_text,
    ColumnType.TEXT: _read_text,
}
OTHERS: dict[ColumnType, Callable[[Column, Cell], Outcome]] = {
    ColumnType.MONEY: _figure_other,
    ColumnType.COUNT: _figure_other,
    ColumnType.NUMBER: _figure_other,
    ColumnType.YEAR: _year_other,
    ColumnType.DATE: _date_other,
    ColumnType.FLAG: _flag_other,
    ColumnType.TEXT: _text_other,
}
