"""What changed between two editions of the national divisions: codes that are gone and new, matched by their names.

A code that is gone is matched to one that is new where the area above agrees and the name does: first townships, in
their county or, when they were moved, in their city; then branches, in their township. Where nothing or more than one
thing fits, nothing is guessed: both sides are listed as they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ingestion.names import name_keys
from ingestion.texts import fold

_CITY, _COUNTY, _TOWNSHIP = 4, 6, 9  # digits of their codes
Key = Callable[[str, str], Hashable]
"""What a code and its name have to agree in with those of the other edition."""


class Change(StrEnum):
    """What became of a code."""

    RENAMED = "renamed"  # the same code, another name
    REWRITTEN = "rewritten"  # the same code, the same name written another way
    RECODED = "recoded"  # another code in the same area
    MOVED = "moved"  # another code in another area: a township in another county, a branch with its township
    VANISHED = "vanished"  # nothing of that name is new where it was
    APPEARED = "appeared"  # nothing of that name is gone there
    AMBIGUOUS = "ambiguous"  # several of that name are gone or new there


@dataclass(frozen=True, slots=True)
class CodeChange:
    """A line of the list: a code of the old edition, one of the new, or both. `level` is township or branch."""

    level: str
    change: Change
    old_code: str | None
    old_name: str | None
    new_code: str | None
    new_name: str | None


@dataclass(frozen=True, slots=True)
class Edition:
    """Names by code."""

    townships: Mapping[str, str]
    branches: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """Every code that changed, townships first, and how many branches each edition has."""

    old_branches: int
    new_branches: int
    changes: tuple[CodeChange, ...]

    def successors(self) -> dict[str, str]:
        """The new code of every branch that has one."""
        matched = (it for it in self.changes if it.change in (Change.RECODED, Change.MOVED) and it.level == "branch")
        return {it.old_code: it.new_code for it in matched if it.old_code and it.new_code}

    def counts(self, level: str) -> dict[Change, int]:
        found = Counter(each.change for each in self.changes if each.level == level)
        return {change: found[change] for change in Change}


def compare(before: Edition, after: Edition) -> EditionChanges:
    """Compare two editions."""
    in_county, in_city = (_township_key(digits) for digits in (_COUNTY, _CITY))
    townships = list(
        _changes("township", before.townships, after.townships, [(in_county, in_county), (in_city, in_city)])
    )
    now = {it.old_code: it.new_code for it in townships if it.old_code and it.new_code}

    def where_it_is_now(code: str, name: str) -> Hashable:
        township = code[:_TOWNSHIP]
        return now.get(township, township), _branch_name(name)

    def where_it_is(code: str, name: str) -> Hashable:
        return code[:_TOWNSHIP], _branch_name(name)

    branches = _changes("branch", before.branches, after.branches, [(where_it_is_now, where_it_is)])
    return EditionChanges(len(before.branches), len(after.branches), (*townships, *branches))


def _changes(
    level: str, before: Mapping[str, str], after: Mapping[str, str], keys: list[tuple[Key, Key]]
) -> Iterator[CodeChange]:
    """Changes of one level in the order of their codes; of several pairs of keys the first that fits counts."""
    for code in sorted(before.keys() & after.keys()):
        if before[code] != after[code]:
            same = _same_name(level, before[code], after[code])
            change = Change.REWRITTEN if same else Change.RENAMED
            yield CodeChange(level, change, code, before[code], code, after[code])
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    ambiguous: set[str] = set()
    for old_key, new_key in keys:
        candidates = _by_key(gone, before, old_key), _by_key(new, after, new_key)
        for key in sorted(candidates[0].keys() & candidates[1].keys(), key=repr):
            old, found = candidates[0][key], candidates[1][key]
            if len(old) > 1 or len(found) > 1:
                ambiguous.update(old, found)
                continue
            change = Change.RECODED if _area(level, old[0]) == _area(level, found[0]) else Change.MOVED
            yield CodeChange(level, change, old[0], before[old[0]], found[0], after[found[0]])
            gone, new = gone - {old[0]}, new - {found[0]}
    for code in sorted(gone):
        change = Change.AMBIGUOUS if code in ambiguous else Change.VANISHED
        yield CodeChange(level, change, code, before[code], None, None)
    for code in sorted(new):
        change = Change.AMBIGUOUS if code in ambiguous else Change.APPEARED
        yield CodeChange(level, change, None, None, code, after[code])


def _by_key(codes: set[str], names: Mapping[str, str], key: Key) -> Mapping[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = defaultdict(list)
    for code in sorted(codes):
        found[key(code, names[code])].append(code)
    return found


def _township_key(digits: int) -> Key:
    return lambda code, name: (code[:digits], fold(name))


def _branch_name(name: str) -> tuple[str, str | None]:
    """李家村委会, 李家村村民委员会 and 李家村 are one; 李家社区居委会 is another."""
    keys = name_keys(fold(name))
    return min(keys.stems, key=len), keys.type


def _same_name(level: str, one: str, other: str) -> bool:
    return _branch_name(one) == _branch_name(other) if level == "branch" else fold(one) == fold(other)


def _area(level: str, code: str) -> str:
    return code[: _TOWNSHIP if level == "branch" else _COUNTY]
