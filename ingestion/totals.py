"""Totals rows held against the sum of the rows."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.cell_kinds import figure
from ingestion.drafts import Draft
from ingestion.findings import Details
from ingestion.forms import Column, ColumnType, Layout
from ingestion.texts import as_text, cell_address

_SUMMED = (ColumnType.MONEY, ColumnType.COUNT, ColumnType.NUMBER)
_MOST_DECIMALS = 6
_NOISE = 1e-7  # what sums of binary fractions differ by


def check_totals(drafts: Sequence[Draft]) -> None:
    """Hold every totals row against the sum of its own table, of those side by side with it, and of those before it."""
    for number, draft in enumerate(drafts):
        if not draft.table.total_rows or draft.form.layout is Layout.PERIODS_ACROSS:
            continue
        beside = [d for d in drafts if d.table.group == draft.table.group]
        groups = [beside, [draft], [d for d in drafts[: number + 1] if d.form is draft.form]]
        for row in draft.table.total_rows:
            cells = draft.sheet.rows[row]
            for name, index in draft.summed:
                if cells[index] == "" or name not in draft.sums:
                    continue
                total = draft.sums[name] if len(beside) == 1 else sum([d.sums.get(name, 0.0) for d in beside])
                if not is_same(cells[index], total):
                    sums = [sum(d.sums.get(name, 0.0) for d in group) for group in groups]
                    _check_total(draft, row, name, index, sums)


def _check_total(draft: Draft, row: int, name: str, index: int, sums: Sequence[float]) -> None:
    cell = draft.sheet.rows[row][index]
    stated = cell if type(cell) is float else figure(cell)
    if stated is None or agrees(stated, sums):
        return
    details: Details = {
        "label": draft.form.by_name[name].label,
        "stated": shown(stated),
        "summed": shown(sums[0]),
        "difference": shown(abs(stated - sums[0])),
    }
    draft.find(
        "total_mismatch",
        cell=cell_address(row, index),
        row=row,
        field=name,
        original=as_text(cell),
        details=details,
    )


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
