"""Who is weak in the sample: the branches of the rectification ledger, when they were listed and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from samples.places import (
    CITY,
    COMMUNITY,
    COUNTY_CITY,
    ENTERPRISE,
    REPORTED_COMMUNITY,
    SOCIAL,
    VILLAGE,
    Branch,
    Places,
)
from samples.support_facts import NOBODY, Support, supports_of

# What the reports count: M-02…M-05 in the city, K-03 in the county.
_WEAK = {
    CITY: {VILLAGE: 77, COMMUNITY: 7, ENTERPRISE: 160, SOCIAL: 5},
    COUNTY_CITY: {VILLAGE: 38},
}
# K-04…K-10: 38 branches carry 42 labels, some more than one.
_COUNTY_TYPES = (
    ("team_incomplete", 6),
    ("secretary_unfit", 5),
    ("team_discord", 1),
    ("disclosure_disorder", 2),
    ("public_order_petitions", 11),
    ("no_venue", 5),
    ("weak_service", 12),
)
WEAK_VILLAGES_WITHOUT_VENUE = 27  # M-49
_VILLAGE_TYPES = (
    "team_incomplete",
    "secretary_unfit",
    "team_discord",
    "family_clan_interference",
    "disclosure_disorder",
    "public_order_petitions",
    "weak_service",
    "weak_service",
    "no_recruitment",
    "members_inactive",
)
_FIRM_TYPES = ("team_incomplete", "weak_service", "no_recruitment", "members_inactive", "members_inactive")


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing of a branch: `first_month` is the first month whose ledger shows it (year * 12 + month - 1)."""

    branch: Branch
    listed_on: date
    weak_types: tuple[str, ...]
    plan_due_on: date
    accepted_on: date | None
    delisted_on: date | None
    self_checked_on: date | None = None
    measures: int = 0
    support: Support = NOBODY

    @property
    def first_month(self) -> int:
        return self.listed_on.year * 12 + self.listed_on.month - 1

    @property
    def last_month(self) -> int | None:
        """The last month whose ledger still shows it: that of the delisting."""
        return None if self.delisted_on is None else self.delisted_on.year * 12 + self.delisted_on.month - 1

    def stands_in(self, month: int) -> bool:
        """Whether the ledger of the month shows the listing."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)

    def row(self, end: date) -> tuple[object, ...]:
        """Values of the ledger's columns as of the day."""
        checked, accepted, delisted = (
            day if day and day <= end else None for day in (self.self_checked_on, self.accepted_on, self.delisted_on)
        )
        status = "delisted" if delisted else "accepted" if accepted else "improved" if checked else "under_way"
        # A tenth of the plan is done when it is made, and all of it when the township has checked it.
        planned = max((self.self_checked_on or self.plan_due_on) - self.listed_on, timedelta(1))
        part = 1.0 if checked else min(max((end - self.listed_on) / planned, 0.1), 0.9)
        return (
            self.listed_on,
            self.weak_types,
            *self.support.row(),
            self.plan_due_on,
            self.measures,
            int(self.measures * part),
            checked,
            accepted,
            delisted,
            status,
        )


def make_listings(places: Places, seed: int) -> tuple[Listing, ...]:
    """Listings of 2014 (all still open at its end), and an earlier round of 2013 that was closed in the same year."""
    rng = Random(f"{seed}:ledger")  # noqa: S311 - sample data
    listings: list[Listing] = []
    for city_code, counts in _WEAK.items():
        for kind, count in counts.items():
            branches = places.of_city(city_code, kind)
            chosen = sorted(rng.sample(range(len(branches)), count))
            types = _types(city_code, kind, count, rng)
            for index, weak_types in zip(chosen, types, strict=True):
                listings.append(_listing(branches[index], weak_types, rng))
            if kind == VILLAGE:
                rest = [branch for number, branch in enumerate(branches) if number not in chosen]
                again = rng.sample([branches[index] for index in chosen], 2)
                listings.extend(_earlier_listing(branch, rng) for branch in rng.sample(rest, 8) + again)
    listings.append(_reported_community(places))
    listings.sort(key=lambda listing: (listing.branch.code, listing.listed_on))
    return tuple(_put_right(listings, places, seed))


def _reported_community(places: Places) -> Listing:
    """The community of the first report: listed in March, accepted in November."""
    branch = next(branch for branch in places.branches if branch.code == REPORTED_COMMUNITY)
    return Listing(branch, date(2014, 3, 18), ("weak_service",), date(2014, 12, 30), date(2014, 11, 12), None)


def _put_right(listings: list[Listing], places: Places, seed: int) -> Iterator[Listing]:
    """The listings with who helps them and how far they have come."""
    rng = Random(f"{seed}:ledger:stages")  # noqa: S311 - sample data
    supports = supports_of([listing.branch for listing in listings], places, rng)
    for listing, support in zip(listings, supports, strict=True):
        # K-25: where disclosure or public order was in disorder, things have improved by the end of 2014.
        improves = {"disclosure_disorder", "public_order_petitions"} & {*listing.weak_types} or rng.random() < 0.3
        checked = None
        if listing.accepted_on:
            checked = max(listing.accepted_on - timedelta(rng.randint(5, 40)), listing.listed_on)
        elif improves:
            checked = date(2014, rng.choice((9, 10, 11, 12)), rng.randint(1, 28))
        yield replace(listing, self_checked_on=checked, measures=rng.randint(3, 8), support=support)


def _types(city_code: str, kind: str, count: int, rng: Random) -> list[tuple[str, ...]]:
    if city_code == COUNTY_CITY:
        labels = [label for label, number in _COUNTY_TYPES for _ in range(number)]
        rng.shuffle(labels)
        types = [{label} for label in labels[:count]]
        for label in labels[count:]:
            next(t for t in types if len(t) == 1 and label not in t).add(label)
        return [_ordered(t) for t in types]
    if kind in (ENTERPRISE, SOCIAL):
        return [_ordered({rng.choice(_FIRM_TYPES)}) for _ in range(count)]
    types = [{rng.choice(_VILLAGE_TYPES)} for _ in range(count)]
    if kind == VILLAGE:
        for index in rng.sample(range(count), WEAK_VILLAGES_WITHOUT_VENUE):
            types[index] = {"no_venue"} | (types[index] if rng.random() < 0.3 else set())
    return [_ordered(t) for t in types]


def _ordered(types: set[str]) -> tuple[str, ...]:
    return tuple(sorted(types))


def _listing(branch: Branch, weak_types: tuple[str, ...], rng: Random) -> Listing:
    listed = date(2014, rng.choice((3, 3, 3, 4, 4, 5)), rng.randint(1, 28))
    due = date(2014, rng.choice((9, 10, 11, 12)), 30) if rng.random() < 0.8 else date(2015, 6, 30)
    accepted = date(2014, rng.choice((10, 11, 12)), rng.randint(1, 28)) if rng.random() < 0.45 else None
    return Listing(branch, listed, weak_types, due, accepted, None)


def _earlier_listing(branch: Branch, rng: Random) -> Listing:
    listed = date(2013, rng.choice((5, 6)), rng.randint(1, 28))
    accepted = date(2013, rng.choice((10, 11)), rng.randint(1, 28))
    delisted = date(2013, 12, rng.randint(1, 28))
    return Listing(branch, listed, ("weak_service",), date(2013, 12, 31), accepted, delisted)
