"""Whose row it is: rows of a return matched against the register, by code or else by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from ingestion.findings import Details
from ingestion.personal import is_personal_text
from ingestion.register import Branch, Branches, Register
from ingestion.texts import as_text, fold
from ingestion.workbook import Cell

_CODE = re.compile(r"\d{12}|[0-9A-Z]{18}")
# What a name says in brackets when the row holds the figures of others too: 后岭村（含社区）.
_WITH_OTHERS = re.compile(r"[(\[【〔](?:[^)\]】〕]*(?:[含、+]|包括|合并|合计|在内)|[及和与并])[^)\]】〕]*[)\]】〕]")
NOBODY = ("（没有相近的）", "(none is close)")


@dataclass(frozen=True, slots=True)
class Match:
    """The branch of a row, or the finding's code and details when there is none; `by_code`: it is about the code.

    With a branch, `problem` is what is to be said of the row although it was matched.
    """

    code: str | None
    problem: str | None = None
    details: Details = field(default_factory=dict)
    by_code: bool = False


class _Known:
    """Rows by what identifies them (the name, or name, code and township): those that were matched, and the others.

    `notes` are those of the matched that something is to be said about.
    """

    def __init__(self) -> None:
        self.codes: dict[object, str] = {}
        self.problems: dict[object, Match] = {}
        self.notes: dict[object, Match] = {}

    def remember(self, key: object, match: Match) -> None:
        if match.code is None:
            self.problems[key] = match
        else:
            self.codes[key] = match.code
            if match.problem:
                self.notes[key] = match


@lru_cache(maxsize=65_536)
def branch_code(cell: object) -> str | None:
    """A code as the register writes it; None for what is none: 001, a person's number, one too long for Excel."""
    if isinstance(cell, float) and (not cell.is_integer() or cell > 1e15):
        return None
    folded = fold(as_text(cell)).upper()
    return folded if _CODE.fullmatch(folded) and not is_personal_text(folded) else None


class BranchMatcher:
    """Matches rows; what was matched once is remembered for its unit and day."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._known: dict[Branches, _Known] = {}

    def match(
        self,
        unit: str,
        on: date,
        names: Sequence[Cell],
        codes: Sequence[Cell] | None = None,
        townships: Sequence[Cell] | None = None,
    ) -> tuple[list[str | None], dict[int, Match]]:
        """The branch code of every row, and what is wrong with the rows that have none, or doubtful about others.

        `unit` is the township or county that reports, `on` the day that counts.
        """
        branches = self._register.branches(unit, on)  # the same on every day on which the unit has the same
        known = self._known.get(branches) or self._known.setdefault(branches, _Known())
        keys: Sequence[object] = names
        if codes is not None or townships is not None:
            blanks = ("",) * len(names)
            keys = list(zip(names, codes or blanks, townships or blanks, strict=True))
        found = list(map(known.codes.get, keys))
        problems: dict[int, Match] = {}
        if None in found:
            for position, key in enumerate(keys):
                if found[position] is None:
                    match = known.problems.get(key) or self._look_up(unit, on, key)
                    known.remember(key, match)
                    found[position] = match.code
                    if match.code is None:
                        problems[position] = match
        if known.notes:
            problems.update((n, known.notes[key]) for n, key in enumerate(keys) if key in known.notes)
        return found, problems

    def is_branch(self, unit: str, on: date, name: str) -> bool:
        """Whether a text alone on its row names a branch."""
        return self.match(unit, on, [name])[0] != [None]

    def _look_up(self, unit: str, on: date, key: object) -> Match:
        """The match of a row; one whose name says that others are in its figures is not taken without a word."""
        match = self._find(unit, on, key)
        name = as_text(key[0] if isinstance(key, tuple) else key)
        if match.code is None or not _WITH_OTHERS.search(fold(name)):
            return match
        branch = self._register.branches(unit, on).by_code(match.code)
        if branch is None or fold(branch.name) == fold(name):
            return match
        return Match(match.code, "branch_with_others", {"name": name.strip(), "branch": branch.name})

    def _find(self, unit: str, on: date, key: object) -> Match:
        branches = self._register.branches(unit, on)
        name_cell, code_cell, township_cell = key if isinstance(key, tuple) else (key, "", "")
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
        return Match(None, "branch_code_conflict", {"by_code": (by_code, by_code_en), "name": name}, by_code=True)

    def _by_name(self, branches: Branches, name: str, township: str | None) -> Match:
        named = branches.named(name, township)
        if len(named) == 1:
            return Match(named[0].code)
        if named:
            details: Details = {
                "name": name,
                "candidates": "、".join(f"{_place(b)} {b.code}" for b in named[:5]),
            }
            return Match(None, "branch_ambiguous", details)
        return self._unknown(branches, name, township)

    def _unknown(self, branches: Branches, name: str, township: str | None) -> Match:
        nearest = branches.nearest(name, 3, township) or branches.nearest(name, 3)
        shown_nearest = "、".join(branch.name for branch in nearest) or NOBODY
        return Match(None, "branch_unknown", {"name": name.strip(), "nearest": shown_nearest})


def _place(branch: Branch) -> str:
    return f"{branch.township_name}{branch.name}"
