"""The columns under a header: what each is recognised as, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ingestion.findings import Details
from ingestion.forms import FormSpec, Layout
from ingestion.header import Columns, HeaderProblem, proposal
from ingestion.periods import find_span, first_day
from ingestion.texts import column_letter, fold_label
from ingestion.units import is_unit
from ingestion.vocabulary import HeaderCell, Vocabulary, is_personal


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


class ColumnFinder:
    """Finds which columns hold which fields of a form."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def columns(self, form: FormSpec, stacks: list[tuple[str, ...]], first: int, last: int) -> Columns | None:
        """The columns between two as those of a form, by their header texts, top to bottom; None if it has none."""
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
