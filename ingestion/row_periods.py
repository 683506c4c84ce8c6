"""Periods that a column of a table states row by row, and periods that had not begun when the file was received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingestion.drafts import Draft
from ingestion.findings import Details
from ingestion.forms import Grain
from ingestion.periods import Period, Span, begins_after, find_span, fit, in_year, partial_span
from ingestion.texts import as_text, fold
from ingestion.workbook import Cell


def refuse_not_begun(draft: Draft, received_on: date | None) -> None:
    """Refuse a table whose period had not begun when it came: the year is a slip, and no mart shows what is to come.

    A register may announce what will hold later.
    """
    if draft.refused or draft.form.grain is Grain.REGISTER or not begins_after(draft.period, received_on):
        return
    stated = draft.period_source
    cell, original = (stated.cell, stated.text) if stated else (None, None)
    draft.find("period_not_begun", cell=cell, original=original, details=_not_begun(draft.period, received_on))
    draft.refused = "period_not_begun"


def read_row_periods(draft: Draft, grid: Sequence[Sequence[Cell]], received_on: date | None) -> None:
    """Periods that a column states row by row."""
    columns = draft.columns
    if "period" not in columns.roles:
        return
    where = [columns.roles["period"], *columns.more_periods]
    cells = [filled_down(grid[column]) for column in where]
    headers = [fold(columns.headers[column]) for column in where]
    year = draft.period.end.year if draft.period else draft.stated_year
    draft.periods = []
    for position in range(len(draft.rows)):
        text = "".join(_period_text(header, column[position]) for header, column in zip(headers, cells, strict=True))
        span = _row_span(text, year)
        period = fit(span, draft.form.frequency) if span else None
        if span is None and not text and draft.period:
            period = draft.period
        problem, details = _judge(draft, period, received_on)
        draft.periods.append(None if problem else period)
        if problem:
            draft.find_at(problem, position, where[0], details=details)
            draft.held[position] = problem


def _judge(draft: Draft, period: Period | None, received_on: date | None) -> tuple[str | None, Details]:
    """What is wrong with the period of a row: it does not tell, is another than the title's or has not begun."""
    if period is None:
        return "period_not_understood", {}
    if draft.period and not draft.spans_rows and period != draft.period:
        found = (
            f"标题为 {draft.period.name}，该行为 {period.name}",
            f"title {draft.period.name}, row {period.name}",
        )
        return "period_conflict", {"found": found}
    if not draft.refused and begins_after(period, received_on):
        return "period_not_begun", _not_begun(period, received_on)
    return None, {}


def _not_begun(period: Period | None, received_on: date | None) -> Details:
    return {"found": period.name if period else "", "received": str(received_on)}


def filled_down(cells: Sequence[Cell]) -> list[Cell]:
    """Cells with the value above in the place of empty ones: what is merged downwards stands only in its first row."""
    filled: list[Cell] = []
    for cell in cells:
        filled.append(filled[-1] if cell == "" and filled else cell)
    return filled


def _period_text(header: str, cell: Cell) -> str:
    """A period cell as it would stand in a title: 3 under 月份 is 3月."""
    text = as_text(cell)
    if isinstance(cell, date):
        return f"{cell.year}年{cell.month}月"
    if fold(text).isdigit():
        if len(fold(text)) == 4:
            return f"{text}年"
        if "季" in header:
            return f"第{text}季度"
        if "月" in header and len(fold(text)) < 3:
            return f"{text}月"
    return text


def _row_span(text: str, year: int | None) -> Span | None:
    span = find_span(text)
    if span and not span.bare_year:
        return span
    partial = partial_span(text)
    if partial and year:
        return in_year(partial, year)
    return span
