"""Branches that a return of everyone should hold and does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ingestion.branches import Branches
from ingestion.drafts import Draft
from ingestion.findings import Finding
from ingestion.forms import Coverage, FormSpec, Grain
from ingestion.periods import Period
from ingestion.records import Reading
from ingestion.register import Register


class MissingBranches:
    """Reports what returns lack of one register's branches; which branches are due it remembers."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._branches_due: dict[tuple[str, Branches], dict[str, str]] = {}

    def report(self, drafts: Sequence[Draft], reading: Reading) -> None:
        """Branches that a return of everyone should hold and does not."""
        present: dict[tuple[str, str, Period], set[str | None]] = {}
        first: dict[tuple[str, str, Period], Draft] = {}
        for draft in drafts:
            form = draft.form
            if form.grain is not Grain.BRANCH or form.reporters.coverage is not Coverage.ALL:
                continue
            if draft.refused or draft.unit is None:
                continue
            for period, codes in _branches_by_period(draft):
                key = (form.form, draft.unit, period)
                if key in present:
                    present[key] |= codes
                else:
                    present[key], first[key] = codes, draft
        for key, codes in present.items():
            expected = self._expected(first[key].form, key[1], key[2].end)
            missing = sorted(expected.keys() - codes)
            if missing:
                reading.findings.append(_missing(first[key], key[2], {code: expected[code] for code in missing}))

    def _expected(self, form: FormSpec, unit: str, end: date) -> dict[str, str]:
        """Codes and names of the branches that a return of the unit should hold on a day."""
        key = (form.form, branches := self._register.branches(unit, end))
        if key not in self._branches_due:
            self._branches_due[key] = {b.code: b.name for b in branches.all if b.kind in form.reporters.kinds}
        return self._branches_due[key]


def _branches_by_period(draft: Draft) -> Iterator[tuple[Period, set[str | None]]]:
    if draft.periods is None:
        if draft.period is not None:
            yield draft.period, set(draft.branches)
        return
    for period in dict.fromkeys(draft.periods):
        if period is not None:
            yield period, {c for c, p in zip(draft.branches, draft.periods, strict=True) if p == period}


def _missing(draft: Draft, period: Period, branches: Mapping[str, str]) -> Finding:
    """The branches (code → name) that a table lacks; they are named one by one, and the only one is the finding's."""
    code, name = next(iter(branches.items())) if len(branches) == 1 else (None, None)
    return Finding(
        "branch_missing",
        draft.sheet.name,
        form=draft.form.form,
        period=period.name,
        reporting_unit_code=draft.unit,
        branch_code=code,
        branch_name=name,
        details={"period": period.name, "count": str(len(branches)), "names": "、".join(branches.values())},
    )
