"""The account of a sheet: what is neither read nor in quarantine nor in a finding is left out for a named reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingestion.drafts import Draft
from ingestion.layout import SheetLayout
from ingestion.records import IgnoredRows
from ingestion.workbook import Sheet


def ignored_rows(sheet: Sheet, layout: SheetLayout, drafts: Sequence[Draft]) -> Iterator[IgnoredRows]:
    """What a sheet with tables holds besides their rows."""
    name = sheet.name
    yield from _by_layout(name, layout, drafts)
    accounted = set(layout.unread)
    for first, last, _ in layout.ignored:
        accounted.update(range(first, last + 1))
    for draft in drafts:
        table = draft.table
        accounted.update(draft.rows, draft.headings, table.total_rows, table.subtotal_rows, table.nameless_rows)
    if len(accounted) == len(sheet.rows):
        return
    bodies = [range(table.first_row, table.last_row + 1) for table in layout.tables]
    for row in _filled(sheet, accounted):
        # In a table: a number or zeros without a name, as forms are printed. Elsewhere: a figure or day by itself.
        reason = "no_content" if any(row in body for body in bodies) else "outside"
        yield IgnoredRows(name, row + 1, row + 1, reason)


def _filled(sheet: Sheet, accounted: set[int]) -> Iterable[int]:
    """The rows that hold something and are in no account yet."""
    for number, row in enumerate(sheet.rows):
        if number not in accounted and any(cell != "" for cell in row):
            yield number


def _by_layout(name: str, layout: SheetLayout, drafts: Sequence[Draft]) -> Iterator[IgnoredRows]:
    for first, last, reason in layout.ignored:
        yield IgnoredRows(name, first + 1, last + 1, reason)
    for table in layout.tables:
        for reason, rows in (("total", table.total_rows), ("subtotal", table.subtotal_rows)):
            for row in rows:
                yield IgnoredRows(name, row + 1, row + 1, reason)
        if table.data_rows:
            if "serial" in table.columns.roles:
                yield IgnoredRows(name, table.data_rows[0] + 1, table.data_rows[-1] + 1, "serial")
            if table.columns.remarks:
                yield IgnoredRows(name, table.data_rows[0] + 1, table.data_rows[-1] + 1, "remark")
    for draft in drafts:
        for row in draft.headings:
            yield IgnoredRows(name, row + 1, row + 1, "section")
