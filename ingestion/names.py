"""Names of branches: what is left of one when the ways of writing it are taken away, without making two branches one.

A village 李家村 is written 李 家 村, 3.李家村, 李家村委会, 李家村村民委员会, 李家村党总支 or 李家;
the community 李家社区 beside it is another branch. So a name is compared on three levels, and on none of them is one of
several candidates chosen:

1. `text`: as it stands, blanks and widths folded;
2. the name without the organisation, together with its type: (李家, village);
3. only for a name that states no type: the bare 李家, which then may be several branches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ingestion.texts import fold, without_brackets


class NameType(StrEnum):
    """What kind of place a name says it is; the values are those of a branch's kind."""

    VILLAGE = "village"
    COMMUNITY = "community"


_PARTY_PREFIX = re.compile(r"^(?:中共|中国共产党)")
_PARTY = re.compile(
    r"(?:党的?(?:总支部?|支部|基层)委员会|党(?:总支部?|支部|委会?|委员会|组织)|总支部?(?:委员会)?|支部(?:委员会)?|两委(?:班子)?)$"
)
_PARTY_COMMITTEE = re.compile(r"(?:基层)?委员会$")  # only after 中共, else it is the villagers'
_COMMITTEES = (
    (NameType.VILLAGE, re.compile(r"(?:村民委员会|村委员会|村委会?|牧民委员会|牧委会|(?<=嘎查)委员?会)$")),
    (NameType.COMMUNITY, re.compile(r"(?:居民委员会|居委会?|家属委员会|家委会|(?<=社区)委员?会)$")),
)
_TYPE_WORDS = ((NameType.VILLAGE, ("嘎查", "村")), (NameType.COMMUNITY, ("社区",)))
_ADMINISTRATIVE = re.compile(r"(?<=.)行政村$")
_SERIAL = re.compile(
    r"^(?:[(\[](?:\d{1,3}|[一二三四五六七八九十]{1,3})[)\]]|\d{1,3}[.、,:)]|[一二三四五六七八九十]{1,3}[、.]|\d{1,3})(?=\D)"
)
_LEADING = " .、,:;-—·*/_"


@dataclass(frozen=True, slots=True)
class NameKeys:
    """What a name is compared by.

    `core` is the name without its organisation, `committee` the type that the organisation states, `type` what the
    name as a whole states (None for 李家), `stems` the core with and without its type word.
    """

    text: str
    core: str
    committee: NameType | None
    type: NameType | None
    stems: frozenset[str]

    @property
    def says_nothing(self) -> bool:
        """Whether nothing but a type is left, such as 村."""
        return any(self.core in words for _, words in _TYPE_WORDS) or any(
            c.fullmatch(self.core) for _, c in _COMMITTEES
        )


@lru_cache(maxsize=65_536)
def name_keys(folded: str, kind: str | None = None) -> NameKeys:
    """The keys of a folded name; `kind` is the branch's own where the register knows it, and outweighs a type word."""
    core, committee = _without_organisation(folded)
    known = NameType(kind) if kind in (NameType.VILLAGE, NameType.COMMUNITY) else None
    word = _type_word(core)
    type_ = committee or known or (word[0] if word else None)
    stems = {core}
    if word and word[0] is type_ and core != word[1]:
        stems.add(core.removesuffix(word[1]))
    return NameKeys(folded, core, committee, type_, frozenset(stems))


@lru_cache(maxsize=65_536)
def readings_of(text: str) -> tuple[str, ...]:
    """The folded texts that a cell may mean: as it stands, without numbering in front, without brackets."""
    folded = fold(text).lstrip(_LEADING)
    bare = without_brackets(folded)
    texts = [folded, bare, _SERIAL.sub("", folded).lstrip(_LEADING), _SERIAL.sub("", bare).lstrip(_LEADING)]
    return tuple(dict.fromkeys(text for text in texts if text))


def without_party_prefix(folded: str) -> str:
    """A folded name without 中共 in front."""
    return _PARTY_PREFIX.sub("", folded)


def _without_organisation(folded: str) -> tuple[str, NameType | None]:
    """李家村党支部 → 李家村; 李家村村民委员会 → 李家村, a village; 李家村委会 → 李家, a village."""
    named_party = _PARTY_PREFIX.match(folded)
    core = _PARTY_PREFIX.sub("", folded)
    without = _PARTY.sub("", core)
    if without == core and named_party:
        without = _PARTY_COMMITTEE.sub("", core)
    core = without or core
    for type_, committee in _COMMITTEES:
        found = committee.search(core)
        if found and found.start():
            return _ADMINISTRATIVE.sub("村", core[: found.start()]), type_
    return _ADMINISTRATIVE.sub("村", core), None


def _type_word(core: str) -> tuple[NameType, str] | None:
    return next(((type_, word) for type_, words in _TYPE_WORDS for word in words if core.endswith(word)), None)
