"""Areas: finding the province, city, county or township that a folder, a title or 填报单位 names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from ingestion.texts import fold

LEVELS = ("province", "city", "county", "township")
_PLACEHOLDERS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
_STREET = re.compile(r"(.+?)(?:街道办事处|街道办|街道|办事处)")
_STREET_ENDINGS = ("街道", "街道办事处", "办事处", "街道办")
_ENDING = re.compile(r"(?<=..)(?:街道办事处|街道|办事处|民族乡|自治县|镇|乡|县|区|市|旗)$")

# After which the name of an area may begin: a mark, a figure, a period, or a word that leads to a name. Anywhere
# else it would be found inside another one's: 青石镇 in 大青石镇.
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_LEAD = re.compile(
    rf"(?:\d{{4}}|[〇零○一二三四五六七八九]{{4}})年度?(?:第?[一二三四1-4]季度|[上下]半年|{_NUMBER}(?:[-—~至到]{_NUMBER})?月份?)?"
    r"|中国共产党|中共|单位(?:名称)?|关于|[^\u3400-\u9fff]"
)
# What makes a name part of a longer one: 新乡 in 新乡市; but not in 新乡市场监管所.
_LONGER = re.compile(
    r"市(?![场政容区民级直委])|县(?![直委级乡城])|旗|镇(?![直村委党政级域区])|乡(?![村镇级直党政])|街道"
)
_CODE = re.compile(r"(?<!\d)(?:\d{9}|\d{6}|\d{4}|\d{2})(?!\d)")
_LOOKS_LIKE_AREA = re.compile(r"\S{1,8}(?:镇|乡|街道|办事处|苏木)(?:人民政府|政府|党委|党工委|委员会)?")
_CLOSE = 50  # out of 100: names nearer than that are proposed
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Area:
    """A province, city, county or township; codes nest: 21, 2198, 219801, 219801100."""

    code: str
    name: str
    level: str
    parent_code: str | None


def ways_to_name(name: str) -> tuple[str, ...]:
    """A township's name and what else it is called: 城东街道, 城东街道办事处, 城东办事处."""
    folded = fold(name)
    street = _STREET.fullmatch(folded)
    if not street:
        return (folded,)
    return tuple(dict.fromkeys((folded, *(street[1] + ending for ending in _STREET_ENDINGS))))


def looks_like_area(text: str) -> bool:
    """Whether a text reads like the name of a township, known or not."""
    return bool(_LOOKS_LIKE_AREA.fullmatch(fold(text)))


class Areas:
    """Every area that is known, ready for look-up."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.by_code = {area.code: area for area in areas}
        self.named = lru_cache(maxsize=16_384)(self._named)
        self.unplaced = lru_cache(maxsize=4096)(self._unplaced)

    def at(self, folders: Sequence[str]) -> tuple[Area, ...]:
        """The most specific areas that the folders of a path name, from the outermost on; () when none does.

        A folder names an area by its code, its name, also with something about it (01青石镇, 青石镇2014), or, when
        that is unambiguous, by its name without the ending (青石). Further in, only what lies within counts.
        """
        here: tuple[Area, ...] = ()
        for folder in folders:
            here = self._named_by_folder(folder, here) or here
            if here and all(area.level == "township" for area in here):
                break
        return here

    def _unplaced(self, folders: tuple[str, ...]) -> str | None:
        """The folder that should name an area and names none, in a path that does not lead to a township; else None.

        A path that names no area at all is judged by its outermost folder; below a county only what reads like a
        township, or nearly like one of the county's, should: 汇总 and 一季度 need not.
        """
        here: tuple[Area, ...] = ()
        passed: list[str] = []
        for folder in folders:
            found = self._named_by_folder(folder, here)
            here = found or here
            if here and all(area.level == "township" for area in here):
                return None
            if not found:
                passed.append(folder)
        for folder in passed:
            if looks_like_area(folder) or (here and self.nearest(folder, here)):
                return folder
        return passed[0] if passed and not here else None

    def nearest(self, text: str, within: Sequence[Area] = (), most: int = 3) -> tuple[Area, ...]:
        """Counties and townships whose names come closest to a text, the closest first: to propose, never to take."""
        wanted = re.sub(r"[^\u3400-\u9fff]", "", fold(text))
        names = {
            area.code: area.name
            for area in self.by_code.values()
            if area.level in ("county", "township") and (not within or _lies_in(area, within))
        }
        found = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=most) if wanted else []
        return tuple(self.by_code[code] for _, _, code in sorted(found, key=lambda each: (-each[1], each[2])))

    def above(self, code: str) -> tuple[Area, ...]:
        """The areas that an area's code nests in, itself included, from the province down."""
        return tuple(self.by_code[code[:length]] for length in (2, 4, 6, 9) if code[:length] in self.by_code)

    def _named_by_folder(self, folder: str, here: tuple[Area, ...]) -> tuple[Area, ...]:
        folded = fold(folder)
        coded = [self.by_code[code] for code in _CODE.findall(folded) if code in self.by_code]
        for found in (coded, self.named(folder)):
            inside = tuple(area for area in found if not here or _lies_in(area, here))
            if inside:
                return inside
        bare = re.sub(r"[^\u3400-\u9fff]", "", folded)
        short = tuple(area for area in self._by_stem.get(bare, ()) if not here or _lies_in(area, here))
        return short if len(short) == 1 else ()

    def _named(self, text: str) -> tuple[Area, ...]:
        """The most specific areas that a text names; several when a name repeats or several are named, () when none.

        A name that stands right after another is only looked for within it.
        """
        found = list(self._find(fold(text)[:_LONGEST_TEXT]))
        if not found:
            return ()
        lowest = max(LEVELS.index(area.level) for areas in found for area in areas)
        areas = {a.code: a for areas in found for a in areas if LEVELS.index(a.level) == lowest}
        for higher in found:
            narrowed = {code: area for code, area in areas.items() if _lies_in(area, higher)}
            areas = narrowed or areas
        return tuple(areas[code] for code in sorted(areas))

    def _find(self, text: str) -> Iterator[tuple[Area, ...]]:
        starts = {0, *(lead.end() for lead in _LEAD.finditer(text))}
        position = 0
        before: tuple[Area, ...] = ()
        while position < len(text):
            looked = before or position in starts
            areas, end = self._longest(text, position, before) if looked else ((), position)
            if areas:
                yield areas
                position, before = end, areas
            elif before and position in starts:
                before = ()  # look again, for a name that stands for itself
            else:
                position, before = position + 1, ()

    def _longest(self, text: str, start: int, within: tuple[Area, ...]) -> tuple[tuple[Area, ...], int]:
        for length in self._lengths.get(text[start : start + 1], ()):
            end = start + length
            areas = self._by_name.get(text[start:end], ())
            if within:
                areas = tuple(area for area in areas if _lies_in(area, within))
            if areas and not (_LONGER.match(text, end) and text[end] != text[end - 1]):
                return areas, end
        return (), start

    @cached_property
    def _by_name(self) -> dict[str, tuple[Area, ...]]:
        named: dict[str, list[Area]] = defaultdict(list)
        for area in self.by_code.values():
            for name in ways_to_name(area.name):
                if name not in _PLACEHOLDERS and len(name) > 1:
                    named[name].append(area)
        return {name: tuple(areas) for name, areas in named.items()}

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """How long the names are that begin with a character, the longest first."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._by_name:
            lengths[name[0]].add(len(name))
        return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    @cached_property
    def _by_stem(self) -> dict[str, tuple[Area, ...]]:
        """Counties and townships by their name without its ending, if two characters are left."""
        stems: dict[str, list[Area]] = defaultdict(list)
        for area in self.by_code.values():
            stem = _ENDING.sub("", fold(area.name))
            if area.level in ("county", "township") and stem != area.name:
                stems[stem].append(area)
        return {stem: tuple(areas) for stem, areas in stems.items()}


def _lies_in(area: Area, higher: Iterable[Area]) -> bool:
    return any(area.code != one.code and area.code.startswith(one.code) for one in higher)
