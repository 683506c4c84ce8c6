"""The sample's geography: invented counties, townships and branches with codes of the right shape.

No name is taken from the published reports, and no name is a person's: names are put together from syllables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import yaml

VILLAGE = "village"
COMMUNITY = "community"
ENTERPRISE = "private_enterprise"
SOCIAL = "social_organisation"

KIND_TEXTS = {VILLAGE: "村", COMMUNITY: "社区", ENTERPRISE: "非公有制企业", SOCIAL: "社会组织"}

_OPENED = date(2010, 1, 1)
LAST_DAY_OF_CLOSED = date(2014, 6, 30)
_CHANGES = 8  # the township (counted from 0) in which an enterprise branch is closed and another founded
_TWIN_NAMES = 14  # the township that has two villages of one name

_COUNTY_TOWNSHIPS = {
    "澄川县": "柳渡镇 云坪镇 石鼓岭镇 榆岭坡乡 东泽街道",
    "望溪县": "白沙渡镇 青岗岭镇 槐荫镇 双鹿乡 银杏坪乡",
    "临峤区": "春堤街道 映山街道 桂岭坪镇 芦汀镇 铁杉乡",
    "泽安市": "溪桥镇 鹤滩镇 松隐镇 麦岭乡 南浔坡街道",
    "棠渠县": "杏坞镇 葫芦口镇 沙堤镇 茅岗岭镇 古榆坪镇 龙渠镇 赤岗坡镇 汤沟渡镇 苇塘镇 桑田坞镇 "
    "大堰沟镇 梅坞镇 画眉坡镇 蓼塘镇 城东办事处",
    "岚屏区": "桐荫街道",
}
_NAMES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("names.yml").read_text(encoding="utf-8"))

CITY, COUNTY_CITY = "2198", "2199"
_CITIES = {CITY: ("澜安市", ("澄川县", "望溪县", "临峤区", "泽安市")), COUNTY_CITY: ("禾泽市", ("棠渠县", "岚屏区"))}
COUNTY, DISTRICT = "219901", "219902"
REPORTED_COMMUNITY = "219902001002"


@dataclass(frozen=True, slots=True)
class Township:
    """A township: its nine-digit code and where it lies."""

    code: str
    name: str
    county_code: str
    county_name: str
    city_code: str
    city_name: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the register."""

    code: str
    name: str
    kind: str
    township: Township
    households: int | None
    population: int | None
    valid_from: date = _OPENED
    valid_to: date | None = None

    @property
    def in_city(self) -> bool:
        """Whether it belongs to the city of the third report."""
        return self.township.city_code == CITY

    @property
    def in_county(self) -> bool:
        """Whether it belongs to the county of the second report."""
        return self.township.county_code == COUNTY

    def drawn_from(self, rng: Random, aside: Random) -> Random:
        """Where its figures are drawn from: the district has numbers of its own, so that it moves nobody else's."""
        return aside if self.township.county_code == DISTRICT else rng

    def exists_on(self, day: date) -> bool:
        """Whether the branch exists on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Places:
    """Everything the register will hold, in the order of the codes."""

    townships: tuple[Township, ...]
    branches: tuple[Branch, ...]

    def of_township(self, township: Township) -> tuple[Branch, ...]:
        return tuple(branch for branch in self.branches if branch.township is township)

    def of_city(self, city_code: str, kind: str) -> tuple[Branch, ...]:
        """The branches of a kind in a city that exist from 2013 to the end of 2014."""
        return tuple(
            b
            for b in self.branches
            if b.township.city_code == city_code
            and b.kind == kind
            and b.exists_on(date(2013, 1, 1))
            and b.exists_on(date(2014, 12, 31))
        )


def make_places(seed: int) -> Places:
    """The city (4 counties, 20 townships, 531 villages …), the county of the second report (15 townships), and beside
    it a district with the community of the first report."""
    townships = tuple(_townships())
    city = [t for t in townships if t.city_code == CITY]
    county = [t for t in townships if t.county_code == COUNTY]
    district = [t for t in townships if t.county_code == DISTRICT]
    rng = Random(f"{seed}:places")  # noqa: S311 - sample data
    counts: dict[str, dict[str, int]] = {township.code: {} for township in townships}
    for kind, total, where in (
        (VILLAGE, 531, city),
        (COMMUNITY, 42, city),
        (ENTERPRISE, 212, city),
        (SOCIAL, 24, city),
        (VILLAGE, 360, county),
        (COMMUNITY, 11, county),
        (COMMUNITY, 4, district),
    ):
        for township, count in zip(where, _spread(total, len(where), rng), strict=True):
            counts[township.code][kind] = count
    brands = firm_names()
    rng.shuffle(brands)
    firms = iter(brands)
    branches: list[Branch] = []
    for number, township in enumerate(townships):
        here = list(_branches(township, counts[township.code], firms, rng, rare=number % 5 == 0))
        if number == _TWIN_NAMES:
            twin = next(n for n, branch in enumerate(here) if branch.kind == VILLAGE)
            here[twin + 4] = replace(here[twin + 4], name=here[twin].name)
        if number == _CHANGES:
            here.extend(_successor(here, firms, rng))
        branches.extend(here)
    return Places(townships, tuple(branches))


def firm_names() -> list[str]:
    """Every invented name of an enterprise, without its legal form."""
    return [brand + trade for brand in _NAMES["firm_brands"] for trade in _NAMES["firm_trades"]]


def _townships() -> Iterator[Township]:
    for city_code, (city_name, counties) in _CITIES.items():
        for county_number, county_name in enumerate(counties, 1):
            county_code = f"{city_code}{county_number:02d}"
            for number, name in enumerate(_COUNTY_TOWNSHIPS[county_name].split()):
                # Street offices come before towns, towns before townships, as in the statistical codes.
                offset = {"道": 1, "处": 2, "镇": 100, "乡": 200}[name[-1]]
                code = f"{county_code}{offset + number:03d}"
                yield Township(code, name, county_code, county_name, city_code, city_name)


def _spread(total: int, parts: int, rng: Random) -> list[int]:
    """Share a total out unevenly, each part within about a third of the mean."""
    weights = [rng.uniform(0.7, 1.3) for _ in range(parts)]
    counts = [int(total * weight / sum(weights)) for weight in weights]
    for index in range(total - sum(counts)):
        counts[index % parts] += 1
    return counts


def _branches(
    township: Township, counts: dict[str, int], firms: Iterator[str], rng: Random, *, rare: bool
) -> Iterator[Branch]:
    names = _village_names(counts.get(VILLAGE, 0), rng, rare=rare)
    communities = rng.sample(_NAMES["communities"], counts[COMMUNITY])
    for number, name in enumerate(communities, 1):
        households = rng.randint(700, 3200)
        yield Branch(
            f"{township.code}{number:03d}", f"{name}社区", COMMUNITY, township, households, int(households * 2.6)
        )
    for number, name in enumerate(names):
        households = rng.randint(160, 780)
        people = int(households * rng.uniform(2.7, 3.4))
        yield Branch(f"{township.code}{200 + number:03d}", f"{name}村", VILLAGE, township, households, people)
    for kind, first in ((ENTERPRISE, "91"), (SOCIAL, "52")):
        for number in range(counts.get(kind, 0)):
            trade = next(firms)
            name = f"{trade}有限公司" if kind == ENTERPRISE else township.name[:2] + _NAMES["societies"][number]
            code = _credit_code(f"{first}{township.county_code}", rng)
            yield Branch(code, f"{name}党支部", kind, township, None, None)


def _successor(here: list[Branch], firms: Iterator[str], rng: Random) -> Iterator[Branch]:
    """Half-way through 2014 one enterprise branch is closed (in place) and another is founded."""
    number = max(n for n, branch in enumerate(here) if branch.kind == ENTERPRISE)
    here[number] = replace(here[number], valid_to=LAST_DAY_OF_CLOSED)
    code = _credit_code(f"91{here[number].township.county_code}", rng)
    name = f"{next(firms)}有限公司党支部"
    yield Branch(code, name, ENTERPRISE, here[number].township, None, None, LAST_DAY_OF_CLOSED + timedelta(days=1))


def _village_names(count: int, rng: Random, *, rare: bool) -> list[str]:
    """Names that differ within a township, also without 子; they repeat across townships, as real ones do."""
    names: dict[str, str] = {}
    while len(names) < count:
        head = rng.choice(_NAMES["rare_heads"] if rare and not names else _NAMES["village_heads"])
        name = head + rng.choice(_NAMES["village_tails"])
        if name not in _NAMES["in_the_reports"]:
            names.setdefault(name.removesuffix("子"), name)
    return list(names.values())


_CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _credit_code(head: str, rng: Random) -> str:
    """An invented unified social credit code with valid check characters (GB 32100-2015, GB 11714-1997)."""
    body = "MA" + "".join(rng.choice("0123456789") for _ in range(6))
    weighted = sum(_ORGANISATION_DIGITS.index(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    organisation = body + "0123456789X0"[11 - weighted % 11 if weighted % 11 else 11]
    code = head + organisation
    check = sum(_CREDIT_DIGITS.index(c) * 3**n % 31 for n, c in enumerate(code))
    return code + _CREDIT_DIGITS[(31 - check % 31) % 31]
