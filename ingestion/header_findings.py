"""What a table's header is told about: columns that could not be used, and those that are missing."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.drafts import Draft
from ingestion.findings import Details
from ingestion.texts import as_text, cell_address, column_letter, fold
from ingestion.workbook import Cell

_EMPTY = {""}
_NOTHING = ("（无）", "(none)")
_NO_HEADER = ("（没有表头）", "(no header)")
_GIVE_A_HEADER = ("请补上表头，或清空该列；", "Give the column a header, or clear it. ")


def report_header(draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
    columns = draft.columns
    for problem in columns.problems:
        cell = header_cell(draft, problem.column, problem.original or "")
        draft.find(
            problem.code,
            cell=cell,
            field=problem.field if problem.code == "column_duplicate" else None,
            original=header_text(draft, cell),
            details=problem.details,
        )
    for name in columns.absent:
        column = draft.form.by_name[name]
        if column.required:
            unread = "、".join(columns.unknown.values())
            details: Details = {"label": column.label, "candidates": unread or _NOTHING}
            cell, original = _header_row(draft)
            draft.find("column_missing", cell=cell, field=name, original=original, details=details)
    for index in columns.unnamed:
        if grid and set(grid[index]) != _EMPTY:
            filled = [n for n, cell in enumerate(grid[index]) if cell != ""]
            details = {"header": _NO_HEADER, "proposal": _GIVE_A_HEADER}
            draft.find_at("column_unknown", filled[0], index, details=details)


def header_cell(draft: Draft, column: int | None, text: str) -> str | None:
    """The cell of a header text: the lowest of its column that holds it, else the lowest that is filled."""
    if column is None:
        return None
    wanted = fold(text)
    filled = [r for r in range(draft.table.header_row, draft.table.first_row) if draft.sheet.rows[r][column] != ""]
    exact = [r for r in filled if wanted and wanted in fold(str(draft.sheet.rows[r][column]))]
    rows = exact or filled
    return cell_address(rows[-1], column) if rows else None


def header_text(draft: Draft, cell: str | None) -> str | None:
    if cell is None:
        return None
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return as_text(draft.sheet.rows[int(cell[len(letters) :]) - 1][column - 1])


def _header_row(draft: Draft) -> tuple[str, str]:
    """The cells of the lowest header row, as A4:H4, and what stands there."""
    columns, row = draft.columns, draft.table.header_row
    texts = [columns.headers[c] for c in sorted(columns.headers)]
    return f"{column_letter(columns.first)}{row + 1}:{column_letter(columns.last)}{row + 1}", " | ".join(texts)
