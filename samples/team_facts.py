"""Leadership teams of the sample's branches by month: posts, vacancies, where the secretary came from, adjustments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from samples.ledger_facts import Listing
from samples.places import COMMUNITY, VILLAGE, Branch, Places

_HEADED_BY_DISPATCHED = 13  # M-54: of the city's 77 weak villages, at the end of 2014
# M-06, M-07, M-08: teams, secretaries and directors adjusted in the city's weak branches in 2014.
_CITY_ADJUSTED = (34, 24, 6)
# K-23, K-24: secretaries and other team members adjusted in the county's weak villages.
_COUNTY_SECRETARIES, _COUNTY_OTHERS = 3, 9
_FIRST, _LAST = 2013 * 12, 2014 * 12 + 11


@dataclass(slots=True)
class _Team:
    posts: int
    has_director: bool
    origin: str = "elected"
    other_vacancies: int = 0
    vacant_since: date | None = None
    vacant_until: int = 0  # first month in which the post is filled again
    director_vacant: bool = False
    adjusted: dict[int, tuple[int, int, int]] = field(default_factory=dict)  # month → secretary, director, others


class Teams:
    """Figures of every branch and month of 2013 and 2014."""

    def __init__(self, places: Places, listings: tuple[Listing, ...], seed: int) -> None:
        rng = Random(f"{seed}:teams")  # noqa: S311 - sample data
        current = [listing for listing in listings if listing.delisted_on is None]
        types = {listing.branch.code: listing.weak_types for listing in current}
        aside = Random(f"{seed}:teams:district")  # noqa: S311 - sample data
        self._teams = {b.code: self._team(b, types.get(b.code, ()), b.drawn_from(rng, aside)) for b in places.branches}
        city = [listing.branch for listing in current if listing.branch.in_city]
        county = [listing.branch for listing in current if listing.branch.in_county]
        self._head_by_dispatched([b for b in city if b.kind == VILLAGE], rng)
        self._adjust_city(city, rng)
        self._adjust_county(county, rng)

    def _team(self, branch: Branch, types: tuple[str, ...], rng: Random) -> _Team:
        village = branch.kind in (VILLAGE, COMMUNITY)
        team = _Team(rng.choice((5, 5, 5, 7)) if village else 3, village)
        if rng.random() < 0.06:
            team.other_vacancies = 1
        if rng.random() < 0.04:
            team.origin = "dispatched"
        if "team_incomplete" in types and rng.random() < 0.7:
            team.other_vacancies = 1
            team.vacant_since = date(rng.choice((2012, 2013)), rng.randint(1, 12), 1)
            # Some are filled again in 2014, some stay vacant beyond it.
            team.vacant_until = rng.choice((2014 * 12 + 5, 2014 * 12 + 8, _LAST + 1))
        elif rng.random() < 0.03:
            month = rng.randint(_FIRST, _LAST - 4)
            team.vacant_since = date(month // 12, month % 12 + 1, 1)
            team.vacant_until = month + rng.randint(1, 4)
        if village and rng.random() < 0.03:
            team.director_vacant = True
        return team

    def _head_by_dispatched(self, villages: list[Branch], rng: Random) -> None:
        """Exactly 13 weak villages of the city have a dispatched cadre or a first secretary at their head."""
        for branch in villages:
            self._teams[branch.code].origin = rng.choice(("elected", "elected", "elected", "other"))
        able = [branch for branch in villages if self._teams[branch.code].vacant_until <= _LAST]
        for branch in rng.sample(able, _HEADED_BY_DISPATCHED):
            self._teams[branch.code].origin = rng.choice(("dispatched", "first_secretary"))

    def _adjust_city(self, branches: list[Branch], rng: Random) -> None:
        teams, secretaries, directors = _CITY_ADJUSTED
        with_director = [branch for branch in branches if branch.kind in (VILLAGE, COMMUNITY)]
        chosen = rng.sample(with_director, directors)
        rest = [branch for branch in branches if branch not in chosen]
        chosen += rng.sample(rest, teams - directors)
        order = list(range(teams))
        rng.shuffle(order)
        with_secretary = set(order[:secretaries])
        for number, branch in enumerate(chosen):
            secretary, director = int(number in with_secretary), int(number < directors)
            others = 1 if not secretary + director else rng.choice((0, 0, 1))
            self._adjust(branch, secretary, director, others, rng)

    def _adjust_county(self, branches: list[Branch], rng: Random) -> None:
        for number, branch in enumerate(rng.sample(branches, 8)):
            others = _COUNTY_OTHERS - 7 if number == 0 else 1
            self._adjust(branch, int(number < _COUNTY_SECRETARIES), 0, others, rng)

    def _adjust(self, branch: Branch, secretary: int, director: int, others: int, rng: Random) -> None:
        self._teams[branch.code].adjusted[2014 * 12 + rng.randint(4, 11)] = (secretary, director, others)

    def row(self, branch: Branch, month: int) -> tuple[object, ...]:
        """Values of the leadership form's columns in a month (year * 12 + month - 1)."""
        team = self._teams[branch.code]
        since = team.vacant_since
        vacant = since is not None and since.year * 12 + since.month - 1 <= month < team.vacant_until
        secretary, director, others = team.adjusted.get(month, (0, 0, 0))
        return (
            team.posts,
            team.posts - team.other_vacancies - vacant - team.director_vacant,
            vacant,
            since if vacant else None,
            None if vacant else team.origin,
            team.director_vacant if team.has_director else None,
            bool(secretary + director + others),
            secretary,
            director,
            others,
        )
