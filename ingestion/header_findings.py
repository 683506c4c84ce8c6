"""What a table's header is told about: columns that could not be used, and those that are missing."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.drafts import Draft
from ingestion.findings import Details
from ingestion.header import HeaderProblem
from ingestion.texts import as_text, cell_address, column_letter, fold
from ingestion.workbook import Cell

_EMPTY = {""}
_NOTHING = ("", "")
_NO_HEADER = ("（没有表头）", "(no header)")
_GIVE_A_HEADER = ("请补上表头，或清空该列；", "Give the column a header, or clear it. ")


def report_header(draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
    columns = draft.columns
    missing = [name for name in columns.absent if draft.form.by_name[name].required]
    renamed = _renamed(draft, missing)
    for problem in columns.problems:
        cell = header_cell(draft, problem.column, problem.original or "")
        if problem in renamed.values():
            continue
        draft.find(
            problem.code,
            cell=cell,
            field=problem.field if problem.code == "column_duplicate" else None,
            original=header_text(draft, cell),
            details=problem.details,
        )
    unread = [p.original or "" for p in columns.problems if p.code == "column_unknown" and p not in renamed.values()]
    for name in missing:
        label = draft.form.by_name[name].label
        if unlike := renamed.get(name):
            header = unlike.original or ""
            cell = header_cell(draft, unlike.column, header)
            original = header_text(draft, cell)
            details: Details = {"label": label, "renamed": _call_it(header, label), "candidates": _NOTHING}
        else:
            cell, original = _header_row(draft)
            details = {"label": label, "renamed": _NOTHING, "candidates": _confirm(unread)}
        draft.find("column_missing", cell=cell, field=name, original=original, details=details)
    for index in columns.unnamed:
        if grid and set(grid[index]) != _EMPTY:
            filled = [n for n, cell in enumerate(grid[index]) if cell != ""]
            details = {"header": _NO_HEADER, "proposal": _GIVE_A_HEADER}
            draft.find_at("column_unknown", filled[0], index, details=details)


def _renamed(draft: Draft, missing: Sequence[str]) -> dict[str, HeaderProblem]:
    """By missing field the only unknown column that may be it: near its label, sharing a word with it, or left over."""
    unknown = [problem for problem in draft.columns.problems if problem.code == "column_unknown"]
    found: dict[str, HeaderProblem] = {}
    for name in missing:
        words = _pairs(draft.form.by_name[name].label)
        near = [problem for problem in unknown if problem.field == name]
        alike = [p for p in unknown if p.field is None and words & _pairs(p.original or "")]
        candidates = near or alike or ([p for p in unknown if p.field is None] if len(missing) == 1 else [])
        if len(candidates) == 1 and candidates[0] not in found.values():
            found[name] = candidates[0]
    return found


def _pairs(text: str) -> set[str]:
    """Every two characters that stand beside each other."""
    folded = fold(text)
    return {folded[n : n + 2] for n in range(len(folded) - 1)}


def _call_it(header: str, label: str) -> tuple[str, str]:
    return (
        f"“{header}”是否就是该列？如果是，请把表头改为“{label}”后重新报送；如果不是，",
        f"Is “{header}” this column? If it is, change its header to “{label}” and send the file again; if not: ",
    )


def _confirm(headers: Sequence[str]) -> tuple[str, str]:
    names = "、".join(headers)
    return (f"，或确认“{names}”是否即为该列", f", or confirm whether it is “{names}”") if names else _NOTHING


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
