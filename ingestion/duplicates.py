"""A branch in several rows of a return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ingestion.drafts import Draft
from ingestion.findings import Details
from ingestion.forms import Grain, Layout
from ingestion.texts import as_text


def hold_duplicates(drafts: Sequence[Draft]) -> None:
    """One branch in several rows of a return: said twice the same it counts once, else none of its rows is landed."""
    by_return: dict[tuple[str, str | None], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if not draft.refused and draft.rows and draft.form.layout is not Layout.PERIODS_ACROSS:
            by_return[draft.form.form, draft.unit].append(draft)
    for group in by_return.values():
        if len(group) == 1 and len(set(group[0].branches)) == len(group[0].branches):
            continue
        rows: dict[tuple[str | None, str], list[tuple[Draft, int]]] = defaultdict(list)
        for draft in group:
            for position, code in enumerate(draft.branches):
                period = draft.period_of(position)
                if code is not None and position not in draft.held:
                    key = (_register_key(draft, code, position), period.name if period else "")
                    rows[key].append((draft, position))
        for same in rows.values():
            if len(same) > 1:
                _judge_duplicates(same)


def _register_key(draft: Draft, code: str, position: int) -> str:
    """A register may list a branch once for every span of validity."""
    first_days = draft.values.get("valid_from")
    return f"{code} {first_days[position]}" if draft.form.grain is Grain.REGISTER and first_days else code


def _judge_duplicates(same: Sequence[tuple[Draft, int]]) -> None:
    contents = {tuple((name, column[n]) for name, column in sorted(d.values.items())) for d, n in same}
    for draft, position in same if len(contents) > 1 else same[1:]:
        name = as_text(draft.names[position])
        details: Details = {"name": name.strip(), "count": str(len(same))}
        code = "branch_duplicate" if len(contents) > 1 else "branch_repeated"
        draft.find_at(code, position, draft.columns.name_column, details=details)
        if len(contents) > 1:
            draft.held[position] = code
        else:
            draft.dropped.add(position)
