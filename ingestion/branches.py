"""The branches of an area on a day, and which of them a name means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from ingestion.areas import ways_to_name
from ingestion.names import NameKeys, name_keys, readings_of, without_party_prefix
from ingestion.texts import fold

_CLOSE = 50  # of 100: below it a name is not worth proposing
_AFTER_PREFIX = " .、,:;-—·*/_"


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch under one name: a branch that is renamed is another row with the same code.

    `valid_from` and `valid_to` are its first and last day; None: since ever, until further notice.
    """

    code: str
    name: str
    kind: str
    township_code: str
    township_name: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor_codes: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Branches:
    """The branches of an area that are in force on a day.

    `versions` are rows of the same branches under the names of other days: returns go on using an old name, and are
    quick to use a new one. `prefixes` are names of the areas above, which may stand in front of a branch's.
    """

    def __init__(
        self, branches: Iterable[Branch], versions: Iterable[Branch] = (), prefixes: Iterable[str] = ()
    ) -> None:
        self.all = tuple(sorted(branches, key=lambda branch: branch.code))
        self._versions = tuple(versions)
        self._prefixes = tuple(fold(prefix) for prefix in prefixes)
        self._codes = {branch.code: branch for branch in self.all}
        self.named = lru_cache(maxsize=8192)(self._named)

    def by_code(self, code: str) -> Branch | None:
        return self._codes.get(code)

    def _named(self, name: str, township: str | None = None) -> tuple[Branch, ...]:
        """The branches that a name may mean, in order of code: none, one, or several when it does not tell them apart.

        `township`, the text of the sheet's 乡镇 column, leaves only that township's. How names are compared is said in
        `ingestion.names`; names that branches have on other days count only when no present one fits.
        """
        within = self._within(township)
        meant = [
            (name_keys(text), codes) for reading in readings_of(name) for text, codes in self._without_areas(reading)
        ]
        for index in (self._index, self._version_index):
            for found_by in (index.as_it_stands, index.by_type, index.bare):
                codes = {
                    branch.code
                    for keys, townships in meant
                    for branch in found_by(keys)
                    if townships is None or branch.township_code in townships
                }
                found = [branch for branch in map(self._codes.get, sorted(codes)) if branch]
                if within is not None:
                    found = [branch for branch in found if branch.township_code in within]
                if found:
                    return tuple(found)
        return ()

    def nearest(self, name: str, n: int = 3, township: str | None = None) -> tuple[Branch, ...]:
        """The branches whose names come closest, the closest first: to propose, never to take."""
        within = self._within(township)
        readings = (text for reading in readings_of(name) for text, _ in self._without_areas(reading))
        wanted = dict.fromkeys(name_keys(text).core for text in readings)
        scores: dict[str, float] = {}
        for core in wanted:
            choices = {
                code: known
                for code, known in self._cores.items()
                if within is None or self._codes[code].township_code in within
            }
            for _, score, code in process.extract(core, choices, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=n):
                scores[code] = max(score, scores.get(code, 0))
        return tuple(self._codes[code] for code in sorted(scores, key=lambda code: (-scores[code], code))[:n])

    def _within(self, township: str | None) -> frozenset[str] | None:
        """Codes of the townships a text names; None when it says nothing, none when it names another one."""
        folded = fold(township or "")
        if not folded:
            return None
        folded = self._after_higher_areas(folded)
        return next((codes for name, codes in self._townships.items() if folded.startswith(name)), frozenset())

    def _without_areas(self, folded: str) -> Iterator[tuple[str, frozenset[str] | None]]:
        """A folded name as it stands, and without the names of areas in front, with the townships that were named."""
        yield folded, None
        bare = without_party_prefix(folded)
        party = folded[: len(folded) - len(bare)]
        rest = self._after_higher_areas(bare)
        if rest != bare and not name_keys(rest).says_nothing:
            yield party + rest, None
        for name, codes in self._townships.items():
            if rest.startswith(name):
                rest = rest[len(name) :].lstrip(_AFTER_PREFIX)
                if rest and not name_keys(rest).says_nothing:
                    yield party + rest, codes
                break

    def _after_higher_areas(self, folded: str) -> str:
        for prefix in self._prefixes:
            if len(folded) > len(prefix):
                folded = folded.removeprefix(prefix)
        return folded

    @cached_property
    def _townships(self) -> dict[str, frozenset[str]]:
        """Codes of the townships by every way to name them, longer names first."""
        names: dict[str, set[str]] = defaultdict(set)
        for branch in self.all:
            for name in ways_to_name(branch.township_name):
                names[name].add(branch.township_code)
        return {name: frozenset(names[name]) for name in sorted(names, key=lambda name: (-len(name), name)) if name}

    @cached_property
    def _cores(self) -> dict[str, str]:
        return {branch.code: name_keys(fold(branch.name), branch.kind).core for branch in self.all}

    @cached_property
    def _index(self) -> _Index:
        return _Index(self.all)

    @cached_property
    def _version_index(self) -> _Index:
        return _Index(self._versions)


class _Index:
    """Branches by the keys of their names."""

    def __init__(self, branches: Iterable[Branch]) -> None:
        self._texts: dict[str, list[Branch]] = defaultdict(list)
        self._cores: dict[str, list[tuple[NameKeys, Branch]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[NameKeys, Branch]]] = defaultdict(list)
        for branch in branches:
            keys = name_keys(fold(branch.name), branch.kind)
            self._texts[keys.text].append(branch)
            self._cores[keys.core].append((keys, branch))
            for stem in keys.stems:
                self._stems[stem].append((keys, branch))

    def as_it_stands(self, meant: NameKeys) -> list[Branch]:
        return self._texts.get(meant.text, [])

    def by_type(self, meant: NameKeys) -> list[Branch]:
        """The same name without the organisation, unless that says another type; or the same stem and type."""
        if meant.type is None:
            return []
        same_core = [
            branch
            for keys, branch in self._cores.get(meant.core, ())
            if meant.committee is None or keys.type in (None, meant.committee)
        ]
        same_stem = [
            branch for stem in meant.stems for keys, branch in self._stems.get(stem, ()) if keys.type is meant.type
        ]
        return same_core + same_stem

    def bare(self, meant: NameKeys) -> list[Branch]:
        """Every branch of that stem, for a name that states no type."""
        return [branch for _, branch in self._stems.get(meant.core, ())] if meant.type is None else []
