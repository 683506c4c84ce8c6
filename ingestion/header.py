"""Reading the header of a table: which column holds which field, in headers of one to four rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from ingestion.findings import Details
from ingestion.forms import FormSpec, Layout
from ingestion.periods import Span, find_span, first_day
from ingestion.texts import column_letter, fold, fold_label
from ingestion.units import is_unit
from ingestion.vocabulary import HeaderCell, NameKind, Vocabulary, is_personal
from ingestion.workbook import Row, Sheet

_MOST_ROWS_BELOW = 3
_MOST_ROWS_ABOVE = 2
_NO_HEADER = (NameKind.TOTAL, NameKind.SUBTOTAL, NameKind.NOTE, NameKind.SECTION)
_ENOUGH_FIELDS = 3  # how many labels must fit before a table that no title names is taken for a form


@dataclass(frozen=True, slots=True)
class HeaderProblem:
    """A column that could not be used: its index from 0, a finding code and the finding's details."""

    column: int | None
    code: str
    field: str | None
    original: str | None
    details: Details


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column (counted from 0) holds which field of which form, between the columns `first` and `last`.

    `more_periods` are further columns that say the period (年份 beside 月份); `valid_from` the first day on which the
    header of a field means what the spec says, for those headers that have one; `absent` the fields without a column.
    """

    form: FormSpec
    roles: dict[str, int]
    fields: dict[str, int]
    periods: dict[int, Span]  # periods_across only: which column holds which period
    units: dict[str, str]
    headers: dict[int, str]
    problems: tuple[HeaderProblem, ...]
    unknown: dict[int, str]
    first: int
    last: int
    name_column: int
    field_columns: frozenset[int]
    serial_columns: frozenset[int]
    remarks: frozenset[int] = frozenset()
    more_periods: tuple[int, ...] = ()
    valid_from: dict[str, date] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    unnamed: tuple[int, ...] = ()  # columns without a header
    doubled: tuple[tuple[str, int], ...] = ()  # fields that several columns claim, and the first of these columns


class Header(NamedTuple):
    """A header block: its rows, counted from 0, and the tables that stand side by side under it."""

    first_row: int
    anchor_row: int
    body_row: int
    segments: tuple[Columns, ...]


@dataclass(slots=True)
class _Draft:
    roles: dict[str, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    doubles: dict[str, list[int]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    repeated: list[tuple[int, str]] = field(default_factory=list)  # further columns of a role
    headers: dict[int, str] = field(default_factory=dict)
    valid_from: dict[str, date] = field(default_factory=dict)


class HeaderReader:
    """Reads headers and remembers the column maps of those it has seen."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[tuple[object, ...], tuple[Columns, ...] | None] = {}
        self._anchors: dict[tuple[object, ...], list[int]] = {}

    def read(self, sheet: Sheet, anchor_row: int, named: tuple[FormSpec, ...], top: int = 0) -> Header | None:
        """The header around the row that heads the names; None when its labels belong to no form.

        `named` are the forms that the title names: then it is one of them. No row above `top` belongs to the header.
        """
        rows = sheet.rows
        first = self._first_row(rows, anchor_row, top)
        body = self._body_row(sheet, anchor_row)
        block = [rows[r] for r in range(first, body)]
        merges = tuple(
            [
                (top - first, left, bottom - first, right)
                for top, left, bottom, right in sheet.merges
                if first <= top < body and right > left
            ]
        )
        key = (
            tuple(map(tuple, block)),
            anchor_row - first,
            merges,
            bool(sheet.merges),
            tuple(form.form for form in named),
        )
        if key not in self._known:
            self._known[key] = self._read_block(block, merges, anchor_row - first, named, bool(sheet.merges))
        segments = self._known[key]
        return Header(first, anchor_row, body, segments) if segments else None

    def _first_row(self, rows: list[list[object]], anchor_row: int, top: int) -> int:
        """Rows above the anchor that hold group headers (其中, 路况) belong to the header."""
        first = anchor_row
        for above in range(anchor_row - 1, max(top - 1, anchor_row - 1 - _MOST_ROWS_ABOVE), -1):
            cells = [cell for cell in rows[above] if cell != ""]
            texts = [cell for cell in cells if isinstance(cell, str)]
            if not texts or len(texts) < len(cells) or not any(map(self._vocabulary.is_label, texts)):
                break
            if any(map(self._vocabulary.title_forms, texts)):
                break
            first = above
        return first

    def _body_row(self, sheet: Sheet, anchor_row: int) -> int:
        """The first row below the header: its name column is filled, or it holds other things than header texts."""
        rows = sheet.rows
        head = tuple(rows[anchor_row])
        anchors = self._anchors.get(head)
        if anchors is None:
            is_anchor = self._vocabulary.is_anchor
            anchors = [c for c, cell in enumerate(head) if isinstance(cell, str) and is_anchor(cell)]
            self._anchors[head] = anchors
        last = min(anchor_row + 1 + _MOST_ROWS_BELOW, len(rows))
        for index in range(anchor_row + 1, last):
            row = rows[index]
            for column in anchors:
                if row[column] != "":
                    return index
            texts = [cell for cell in row if isinstance(cell, str) and cell != ""]
            if not texts or len(texts) < sum(cell != "" for cell in row):
                return index
            if not any(map(self._is_sub_header, texts)) and index > _merged_to(sheet, anchor_row, anchors):
                return index
        return last

    def _is_sub_header(self, text: str) -> bool:
        """Whether a text below the anchor row shows that its row still belongs to the header: a label, or a unit."""
        if self._vocabulary.name_kind(text) in _NO_HEADER:
            return False
        return self._vocabulary.is_label(text) or is_unit(fold(text).strip("()"))

    def _read_block(
        self,
        block: list[list[object]],
        merges: tuple[tuple[int, int, int, int], ...],
        anchor: int,
        named: tuple[FormSpec, ...],
        has_merges: bool,
    ) -> tuple[Columns, ...] | None:
        filled = _fill_groups(block, merges, has_merges)
        stacks = [tuple(dict.fromkeys(str(row[c]) for row in filled if row[c] != "")) for c in range(len(block[0]))]
        bounds = self._segment_bounds(block[anchor], stacks)
        forms = self._candidates(stacks, named)
        found: list[tuple[int, tuple[Columns, ...]]] = []
        for form in forms:
            segments = tuple(
                segment for first, last in bounds if (segment := self._columns(form, stacks, first, last)) is not None
            )
            score = sum(len(segment.field_columns) for segment in segments)
            if score:
                found.append((score, segments))
        found.sort(key=lambda each: -each[0])
        if not found:
            return None
        if not named and (found[0][0] < _ENOUGH_FIELDS or [score for score, _ in found].count(found[0][0]) > 1):
            return None
        return found[0][1]

    def _candidates(self, stacks: list[tuple[str, ...]], named: tuple[FormSpec, ...]) -> list[FormSpec]:
        """The named forms if any; otherwise all, which are then told apart by their labels alone."""
        return list(named) if named else list(self._vocabulary.forms.forms)

    def _segment_bounds(self, anchor: Row, stacks: list[tuple[str, ...]]) -> list[tuple[int, int]]:
        """Column ranges of tables side by side: each begins with the key columns that lead up to a name column."""
        names = [c for c, cell in enumerate(anchor) if isinstance(cell, str) and self._heads_names(cell)]
        width = len(anchor)
        labels = [fold_label(str(anchor[c])) for c in names]
        repeated = [
            c for c, label in zip(names, labels, strict=True) if labels.count(label) > 1 and label == labels[-1]
        ]
        if len(repeated) < 2:
            return [(0, width - 1)]
        starts = []
        for column in repeated:
            while column > 0 and stacks[column - 1] and self._is_key(stacks[column - 1]):
                column -= 1
            starts.append(column)
        starts[0] = 0
        return [(start, (starts[n + 1] if n + 1 < len(starts) else width) - 1) for n, start in enumerate(starts)]

    def _heads_names(self, cell: str) -> bool:
        return self._vocabulary.role(cell) == "branch_name" or self._vocabulary.is_anchor(cell)

    def _is_key(self, stack: tuple[str, ...]) -> bool:
        return self._vocabulary.role(stack[-1]) in ("serial", "branch_code", "township")

    def _columns(self, form: FormSpec, stacks: list[tuple[str, ...]], first: int, last: int) -> Columns | None:
        if form.layout is Layout.PERIODS_ACROSS:
            return self._period_columns(form, stacks, first, last)
        draft = _Draft()
        for column in range(first, last + 1):
            if stacks[column]:
                _enter(draft, form, column, stacks[column], self._vocabulary.recognise(form, stacks[column]))
        name_column = draft.roles.get("branch_name", draft.roles.get("branch_code"))
        if name_column is None:
            return None
        problems = tuple(self._problems(form, draft))
        for doubled in draft.doubles:
            draft.fields.pop(doubled, None)
        used = [*draft.roles.values(), *draft.fields.values(), *draft.unknown, *(c for c, _ in draft.repeated)]
        used.extend(c for columns in draft.doubles.values() for c in columns)
        remarks = {c for c, role in draft.repeated if role == "remark"}
        remarks.update(c for role, c in draft.roles.items() if role == "remark")
        return Columns(
            form=form,
            roles=draft.roles,
            fields=draft.fields,
            periods={},
            units=draft.units,
            headers={c: "".join(stacks[c]) for c in used},
            problems=problems,
            unknown=draft.unknown,
            first=first,
            last=max(last if last < len(stacks) - 1 else 0, *used),
            name_column=name_column,
            field_columns=frozenset([*draft.fields.values(), *(c for cs in draft.doubles.values() for c in cs)]),
            serial_columns=frozenset(c for role, c in draft.roles.items() if role in ("serial", "remark", "township")),
            remarks=frozenset(remarks),
            more_periods=tuple(c for c, role in draft.repeated if role == "period"),
            valid_from=draft.valid_from,
            absent=tuple(c.name for c in form.columns if c.name not in draft.fields and c.name not in draft.doubles),
            doubled=tuple((name, columns[0]) for name, columns in draft.doubles.items()),
            unnamed=tuple(c for c in range(first, last + 1) if not stacks[c]),
        )

    def _problems(self, form: FormSpec, draft: _Draft) -> list[HeaderProblem]:
        absent = {column.name for column in form.columns} - set(draft.fields)
        problems = []
        details: Details
        unread = {c: draft.headers[c] for c, role in draft.repeated if role not in ("remark", "serial", "period")}
        for column, header in {**draft.unknown, **unread}.items():
            if is_personal(header):
                problems.append(HeaderProblem(column, "column_personal", None, header, {"header": header}))
                continue
            near = self._vocabulary.nearest_field(form, header, absent)
            details = {"header": header, "proposal": proposal(form.by_name[near].label if near else None)}
            problems.append(HeaderProblem(column, "column_unknown", near, header, details))
        for name, columns in draft.doubles.items():
            letters = "、".join(map(column_letter, columns))
            details = {"label": form.by_name[name].label, "columns": letters}
            problems.append(HeaderProblem(columns[1], "column_duplicate", name, None, details))
        return problems

    def _period_columns(self, form: FormSpec, stacks: list[tuple[str, ...]], first: int, last: int) -> Columns | None:
        name = next(
            (c for c in range(first, last + 1) if stacks[c] and self._vocabulary.is_area_label(stacks[c][-1])), None
        )
        periods = {c: span for c in range(first, last + 1) if stacks[c] and (span := find_span(stacks[c][-1]))}
        if name is None or len(periods) < 2:
            return None
        unknown = {c: stacks[c][-1] for c in range(first, last + 1) if stacks[c] and c != name and c not in periods}
        return Columns(
            form=form,
            roles={"branch_name": name},
            fields={},
            periods=periods,
            units={},
            headers={c: "".join(stacks[c]) for c in (name, *periods)},
            problems=tuple(self._problems(form, _Draft(unknown=unknown))),
            unknown=unknown,
            first=first,
            last=last,
            name_column=name,
            field_columns=frozenset(periods),
            serial_columns=frozenset(),
        )


def _merged_to(sheet: Sheet, row: int, columns: Sequence[int]) -> int:
    """The last row of the merges that begin in one of the columns and hold a cell of the row."""
    return max((m[2] for m in sheet.merges if m[0] <= row <= m[2] and m[1] in columns), default=0)


def proposal(label: str | None) -> tuple[str, str]:
    """What the remedy for an unknown header begins with: the header it may stand for, if there is one."""
    if label is None:
        return ("", "")
    return (f"若它是“{label}”，请改用该表头；", f"If it is “{label}”, use that header. ")


def _enter(draft: _Draft, form: FormSpec, column: int, stack: tuple[str, ...], cell: HeaderCell) -> None:
    """Note in the draft what the header of a column was recognised as."""
    draft.headers[column] = "".join(stack)
    if cell.field and cell.field in draft.fields:
        draft.doubles.setdefault(cell.field, [draft.fields[cell.field]]).append(column)
    elif cell.field:
        draft.fields[cell.field] = column
        if cell.unit:
            draft.units[cell.field] = cell.unit
        day = _valid_from(form, cell)
        if day:
            draft.valid_from[cell.field] = day
    elif cell.role and cell.role in draft.roles:
        draft.repeated.append((column, cell.role))
    elif cell.role:
        draft.roles[cell.role] = column
    else:
        draft.unknown[column] = next(
            (text for text in reversed(stack) if not is_unit(text.strip("()（） "))), stack[-1]
        )


def _valid_from(form: FormSpec, cell: HeaderCell) -> date | None:
    """The first day on which a synonym stands for its column; None when it always does."""
    for synonym in form.by_name[cell.field or ""].synonyms:
        if synonym.valid_from and fold_label(synonym.text) == cell.text:
            return first_day(synonym.valid_from)
    return None


def _fill_groups(
    block: list[list[object]], merges: tuple[tuple[int, int, int, int], ...], has_merges: bool
) -> list[list[object]]:
    """Write a group header into every column it spans: by the merges, or, where a file has none, to the right."""
    if len(block) == 1:
        return block
    filled = [list(row) for row in block]
    for top, left, _, right in merges:
        for column in range(left + 1, min(right + 1, len(filled[top]))):
            if filled[top][column] == "":
                filled[top][column] = filled[top][left]
    if not has_merges:
        for upper, lower in pairwise(filled):
            for column in range(1, len(upper)):
                if upper[column] == "" and lower[column] != "" and lower[column - 1] != "":
                    upper[column] = upper[column - 1]
    return filled
