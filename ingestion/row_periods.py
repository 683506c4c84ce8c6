"""Periods that a column of a table states row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingestion.drafts import Draft
from ingestion.findings import Details
from ingestion.periods import Period, Span, find_span, fit, in_year, partial_span
from ingestion.texts import as_text, fold
from ingestion.workbook import Cell


def read_row_periods(draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
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
        problem, details = _judge(draft, period)
        draft.periods.append(None if problem else period)
        if problem:
            draft.find_at(problem, position, where[0], details=details)
            draft.held[position] = problem


def _judge(draft: Draft, period: Period | None) -> tuple[str | None, Details]:
    """What is wrong with the period of a row: it does not tell, or it is another than the title's."""
    if period is None:
        return "period_not_understood", {}
    if draft.period and not draft.spans_rows and period != draft.period:
        found = (
            f"标题为 {draft.period.name}，该行为 {period.name}",
            f"title {draft.period.name}, row {period.name}",
        )
        return "period_conflict", {"found": found}
    return None, {}


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
