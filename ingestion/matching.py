"""Whose row it is: rows of a return matched against the register, by code or else by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ingestion.findings import Details
from ingestion.personal import shown
from ingestion.register import Branch, Branches, Register
from ingestion.texts import as_text, fold

_CODE = re.compile(r"\d{12}|[0-9A-Z]{18}")
_NOBODY = ("（没有相近的）", "(none is close)")


@dataclass(frozen=True, slots=True)
class Match:
    """The branch of a row, or the finding's code and details when there is none; `by_code`: it is about the code."""

    code: str | None
    problem: str | None = None
    details: Details = field(default_factory=dict)
    by_code: bool = False


def branch_code(cell: object) -> str | None:
    """A code as the register writes it; None for what is none, such as 001 or a number too long for Excel."""
    if isinstance(cell, float) and (not cell.is_integer() or cell > 1e15):
        return None
    folded = fold(as_text(cell)).upper()
    return folded if _CODE.fullmatch(folded) else None


class BranchMatcher:
    """Matches rows; what was matched once is remembered for its unit and day."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._known: dict[tuple[int, ...], dict[tuple[object, ...], Match]] = {}
        self._same: dict[tuple[str, date], dict[tuple[object, ...], Match]] = {}

    def match(
        self,
        unit: str,
        on: date,
        names: Sequence[object],
        codes: Sequence[object] | None = None,
        townships: Sequence[object] | None = None,
    ) -> list[Match]:
        """The match of every row; `unit` is the township or county that reports, `on` the day that counts."""
        known = self._same.get((unit, on)) or self._remembered(unit, on)
        count = len(names)
        keys = zip(names, codes or ("",) * count, townships or ("",) * count, strict=True)
        matches = []
        for key in keys:
            found = known.get(key)
            if found is None:
                found = known[key] = self._find(self._register.branches(unit, on), *key)
            matches.append(found)
        return matches

    def _remembered(self, unit: str, on: date) -> dict[tuple[object, ...], Match]:
        """What was matched on any day on which the unit had the same branches."""
        key = (int(unit), *map(id, self._register.branches(unit, on).all))
        known = self._same[unit, on] = self._known.setdefault(key, {})
        return known

    def is_branch(self, unit: str, on: date, name: str) -> bool:
        """Whether a text alone on its row names a branch."""
        return self.match(unit, on, [name])[0].code is not None

    def _find(self, branches: Branches, name_cell: object, code_cell: object, township_cell: object) -> Match:
        code = branch_code(code_cell) if code_cell != "" else None
        name = as_text(name_cell)
        township = fold(as_text(township_cell)) or None
        if code is None:
            return self._by_name(branches, name, township)
        branch = branches.by_code(code)
        named = branches.named(name, township) if fold(name) else ()
        if branch and (not fold(name) or branch in named):
            return Match(code)
        if branch is None and not named:
            return self._unknown(branches, name or code, township)
        other = branch or self._register.branch(code)
        by_code = f"{code}（{other.township_name}{other.name}）" if other else f"{code}（名册中没有）"
        by_code_en = f"{code} ({other.township_name}{other.name})" if other else f"{code} (not in the register)"
        return Match(
            None, "branch_code_conflict", {"by_code": (by_code, by_code_en), "name": shown(name)}, by_code=True
        )

    def _by_name(self, branches: Branches, name: str, township: str | None) -> Match:
        named = branches.named(name, township)
        if len(named) == 1:
            return Match(named[0].code)
        if named:
            details: Details = {
                "name": shown(name),
                "candidates": "、".join(f"{_place(b)} {b.code}" for b in named[:5]),
            }
            return Match(None, "branch_ambiguous", details)
        return self._unknown(branches, name, township)

    def _unknown(self, branches: Branches, name: str, township: str | None) -> Match:
        nearest = branches.nearest(name, 3, township) or branches.nearest(name, 3)
        shown_nearest = "、".join(branch.name for branch in nearest) or _NOBODY
        return Match(None, "branch_unknown", {"name": shown(name).strip(), "nearest": shown_nearest})


def _place(branch: Branch) -> str:
    return f"{branch.township_name}{branch.name}"
