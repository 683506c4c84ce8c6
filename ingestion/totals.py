"""Totals rows held against the sum of the rows."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.forms import Column, ColumnType
from ingestion.texts import as_text

_SUMMED = (ColumnType.MONEY, ColumnType.COUNT, ColumnType.NUMBER)
_MOST_DECIMALS = 6
_NOISE = 1e-7  # what sums of binary fractions differ by


def is_summed(column: Column) -> bool:
    """Whether a total of the column means anything."""
    return column.type in _SUMMED and column.unit not in ("%", "‰")


def is_same(cell: object, total: float) -> bool:
    """Whether a totals cell is a number and just the sum."""
    return type(cell) is float and abs(cell - total) < _NOISE


def agrees(stated: float, sums: Sequence[float]) -> bool:
    """Whether a stated total is one of the sums, to the decimals it is stated with, and at least to two."""
    if any(abs(stated - each) < _NOISE for each in sums):
        return True
    allowed = 0.5 * 10.0 ** -max(2, _decimals(stated)) + 1e-9 * abs(stated)
    return any(abs(stated - each) <= allowed for each in sums)


def shown(number: float) -> str:
    """A figure as a finding shows it, without the noise of binary fractions."""
    return as_text(round(number, _MOST_DECIMALS))


def _decimals(number: float) -> int:
    text = f"{number:.{_MOST_DECIMALS}f}".rstrip("0")
    return len(text.partition(".")[2])
