"""A sheet with the header of a return in which no column is known to hold the names: where it stands, which it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ingestion.findings import Details, Finding
from ingestion.forms import FormSpec, Layout
from ingestion.texts import cell_address
from ingestion.vocabulary import Vocabulary
from ingestion.workbook import Row, Sheet

_ENOUGH_LABELS = {True: 2, False: 3}  # how many labels of a form make a row its header, by whether a title names it
_LOOKED_THROUGH = 40  # rows
_NOTHING = ("（无）", "(none)")


class _Found(NamedTuple):
    labels: int
    form: FormSpec
    row: int


def name_column_missing(sheet: Sheet, named: Sequence[FormSpec], vocabulary: Vocabulary) -> Finding | None:
    """The finding for a header without a column of names; None when the sheet holds no such header.

    `named` are the forms that the title names; without any, the labels have to tell the form.
    """
    forms = [form for form in named or vocabulary.forms.forms if form.layout is Layout.ROWS]
    rows = sheet.rows[:_LOOKED_THROUGH]
    found = [_Found(_labels(form, row, vocabulary), form, n) for form in forms for n, row in enumerate(rows)]
    best = max(found, key=lambda each: (each.labels, -each.row), default=None)
    if best is None or best.labels < _ENOUGH_LABELS[bool(named)]:
        return None
    column = _candidate(sheet, best, vocabulary)
    texts = {c: cell for c, cell in enumerate(sheet.rows[best.row]) if isinstance(cell, str) and cell != ""}
    if column is None:
        header: str | tuple[str, str] = _NOTHING
        cell = f"{cell_address(best.row, min(texts))}:{cell_address(best.row, max(texts))}"
        original = " | ".join(texts.values())
    else:
        row, original = next((r, str(sheet.rows[r][column])) for r in _block(best) if sheet.rows[r][column] != "")
        header, cell = original.strip(), cell_address(row, column)
    details: Details = {"header": header, "proposal": vocabulary.label_of("branch_name")}
    return Finding("name_column_missing", sheet.name, cell, form=best.form.form, original=original, details=details)


def _labels(form: FormSpec, row: Row, vocabulary: Vocabulary) -> int:
    """How many fields of the form the texts of a row head."""
    texts = [cell for cell in row if isinstance(cell, str) and cell != ""]
    return len({field for text in texts if (field := vocabulary.recognise(form, (text,)).field)})


def _block(best: _Found) -> tuple[int, ...]:
    """The header's lowest row first; a merged header of the names stands in the row above it."""
    return (best.row, best.row - 1) if best.row else (best.row,)


def _candidate(sheet: Sheet, best: _Found, vocabulary: Vocabulary) -> int | None:
    """The first column before the fields whose header is unknown and whose cells are texts."""
    for column in range(len(sheet.rows[best.row])):
        stack = [sheet.rows[r][column] for r in _block(best)]
        texts = tuple(cell for cell in stack if isinstance(cell, str) and cell != "")
        if not texts or vocabulary.title_forms(texts[-1]):
            continue
        known = vocabulary.recognise(best.form, texts[:1])
        if known.field:
            return None
        below = [row[column] for row in sheet.rows[best.row + 1 :] if row[column] != ""]
        if known.role is None and below and sum(isinstance(cell, str) for cell in below) * 2 > len(below):
            return column
    return None
