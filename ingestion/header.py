"""Reading the header of a table: which column holds which field, in headers of one to four rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingestion.forms import FormSpec, Layout
from ingestion.periods import Span, find_span
from ingestion.texts import column_letter, fold, fold_label
from ingestion.vocabulary import NameKind, Vocabulary, is_personal
from ingestion.workbook import Row, Sheet

_MOST_ROWS_BELOW = 3
_MOST_ROWS_ABOVE = 2


@dataclass(frozen=True, slots=True)
class HeaderProblem:
    """A column that could not be used: its index from 0, a finding code and the finding's details."""

    column: int | None
    code: str
    field: str | None
    original: str | None
    details: dict[str, str | tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column (counted from 0) holds which field of which form, between the columns `first` and `last`."""

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


@dataclass(frozen=True, slots=True)
class Header:
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


class HeaderReader:
    """Reads headers and remembers the column maps of those it has seen."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[tuple[object, ...], tuple[Columns, ...] | None] = {}

    def read(self, sheet: Sheet, anchor_row: int, named: tuple[FormSpec, ...]) -> Header | None:
        """The header around the row that heads the names; None when its labels belong to no form.

        `named` are the forms that the title names: they are preferred, and decide between equals.
        """
        rows = sheet.rows
        first = self._first_row(rows, anchor_row)
        body = self._body_row(rows, anchor_row)
        block = [rows[r] for r in range(first, body)]
        merges = tuple(
            (top - first, left, bottom - first, right)
            for top, left, bottom, right in sheet.merges
            if first <= top < body and right > left
        )
        key = (tuple(map(tuple, block)), merges, bool(sheet.merges), tuple(form.form for form in named))
        if key not in self._known:
            self._known[key] = self._read_block(block, merges, anchor_row - first, named, bool(sheet.merges))
        segments = self._known[key]
        return Header(first, anchor_row, body, segments) if segments else None

    def _first_row(self, rows: list[list[object]], anchor_row: int) -> int:
        """Rows above the anchor that hold group headers (其中, 路况) belong to the header."""
        first = anchor_row
        for above in range(anchor_row - 1, max(-1, anchor_row - 1 - _MOST_ROWS_ABOVE), -1):
            cells = [cell for cell in rows[above] if cell != ""]
            if not cells or not all(isinstance(cell, str) for cell in cells):
                break
            if not any(map(self._vocabulary.is_label, cells)) or any(self._vocabulary.title_forms(str(c)) for c in cells):
                break
            first = above
        return first

    def _body_row(self, rows: list[list[object]], anchor_row: int) -> int:
        """The first row below the header: the name column is filled, or something other than text stands there."""
        anchors = [c for c, cell in enumerate(rows[anchor_row]) if self._vocabulary.is_anchor(cell)]
        for row_index in range(anchor_row + 1, min(anchor_row + 1 + _MOST_ROWS_BELOW, len(rows))):
            row = rows[row_index]
            cells = [cell for cell in row if cell != ""]
            if any(row[c] != "" for c in anchors) or not cells or not all(isinstance(cell, str) for cell in cells):
                return row_index
            if not self._is_sub_header(row, rows[anchor_row], cells):
                return row_index
        return min(anchor_row + 1 + _MOST_ROWS_BELOW, len(rows))

    def _is_sub_header(self, row: Row, anchor: Row, cells: list[object]) -> bool:
        kinds = {self._vocabulary.name_kind(str(cell)) for cell in cells}
        if NameKind.TOTAL in kinds and not any(map(self._vocabulary.is_label, cells)):
            return False
        if NameKind.NOTE in kinds:
            return False
        return not any(ch.isdigit() for cell in cells for ch in fold(str(cell))[:1] if not self._vocabulary.is_label(cell))

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
        best: tuple[int, tuple[Columns, ...]] | None = None
        for form in forms:
            segments = tuple(
                segment
                for first, last in bounds
                if (segment := self._columns(form, stacks, first, last)) is not None
            )
            score = sum(len(segment.field_columns) for segment in segments)
            if segments and score and (best is None or score > best[0]):
                best = (score, segments)
        if best is None or (best[0] < 2 and not named):
            return None
        return best[1]

    def _candidates(self, stacks: list[tuple[str, ...]], named: tuple[FormSpec, ...]) -> list[FormSpec]:
        """The named forms if any; otherwise all, which are then told apart by their labels alone."""
        return list(named) if named else list(self._vocabulary.forms.forms)

    def _segment_bounds(self, anchor: Row, stacks: list[tuple[str, ...]]) -> list[tuple[int, int]]:
        """Column ranges of tables side by side: each begins with the key columns that lead up to a name column."""
        names = [c for c, cell in enumerate(anchor) if isinstance(cell, str) and self._heads_names(cell)]
        width = len(anchor)
        if len(names) < 2 or len({fold_label(str(anchor[c])) for c in names}) > 1:
            return [(0, width - 1)]
        starts = []
        for column in names:
            while column > 0 and stacks[column - 1] and self._is_key(stacks[column - 1]):
                column -= 1
            starts.append(column)
        starts[0] = 0
        return [(start, (starts[n + 1] if n + 1 < len(starts) else width) - 1) for n, start in enumerate(starts)]

    def _heads_names(self, cell: str) -> bool:
        recognised = self._vocabulary.recognise(self._vocabulary.forms.forms[0], (cell,))
        return recognised.role == "branch_name"

    def _is_key(self, stack: tuple[str, ...]) -> bool:
        return self._vocabulary.recognise(self._vocabulary.forms.forms[0], stack).role in ("serial", "branch_code", "township")

    def _columns(self, form: FormSpec, stacks: list[tuple[str, ...]], first: int, last: int) -> Columns | None:
        if form.layout is Layout.PERIODS_ACROSS:
            return self._period_columns(form, stacks, first, last)
        draft = _Draft()
        for column in range(first, last + 1):
            stack = stacks[column]
            if not stack:
                continue
            cell = self._vocabulary.recognise(form, stack)
            if cell.field and cell.field in draft.fields:
                draft.doubles.setdefault(cell.field, [draft.fields[cell.field]]).append(column)
            elif cell.field:
                draft.fields[cell.field] = column
                if cell.unit:
                    draft.units[cell.field] = cell.unit
            elif cell.role:
                draft.roles.setdefault(cell.role, column)
            else:
                draft.unknown[column] = stack[-1]
        name_column = draft.roles.get("branch_name", draft.roles.get("branch_code"))
        if name_column is None:
            return None
        problems = tuple(self._problems(form, draft))
        for doubled in draft.doubles:
            draft.fields.pop(doubled, None)
        used = [*draft.roles.values(), *draft.fields.values(), *draft.unknown]
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
            last=max([last if last < len(stacks) - 1 else 0, *used]),
            name_column=name_column,
            field_columns=frozenset([*draft.fields.values(), *(c for cs in draft.doubles.values() for c in cs)]),
            serial_columns=frozenset(c for role, c in draft.roles.items() if role in ("serial", "remark", "township")),
        )

    def _problems(self, form: FormSpec, draft: _Draft) -> list[HeaderProblem]:
        absent = {column.name for column in form.columns} - set(draft.fields)
        problems = []
        for column, header in draft.unknown.items():
            if is_personal(header):
                problems.append(HeaderProblem(column, "column_personal", None, header, {"header": header}))
                continue
            near = self._vocabulary.nearest_field(form, header, absent)
            proposal = (form.by_name[near].label, form.by_name[near].label) if near else ("其他指标", "another field")
            details: dict[str, str | tuple[str, str]] = {"header": header, "proposal": proposal}
            problems.append(HeaderProblem(column, "column_unknown", near, header, details))
        for name, columns in draft.doubles.items():
            letters = "、".join(map(column_letter, columns))
            details = {"label": form.by_name[name].label, "columns": letters}
            problems.append(HeaderProblem(columns[1], "column_duplicate", name, None, details))
        return problems

    def _period_columns(self, form: FormSpec, stacks: list[tuple[str, ...]], first: int, last: int) -> Columns | None:
        name = next((c for c in range(first, last + 1) if stacks[c] and self._vocabulary.is_area_label(stacks[c][-1])), None)
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
        for upper, lower in zip(filled, filled[1:], strict=False):
            for column in range(1, len(upper)):
                if upper[column] == "" and lower[column] != "" and lower[column - 1] != "":
                    upper[column] = upper[column - 1]
    return filled
