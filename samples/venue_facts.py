"""Meeting places of the sample's villages and communities by quarter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from samples.places import COMMUNITY, REPORTED_COMMUNITY, Branch
from samples.share import share_out

_WEAK_UNFIT = 34  # M-50: 34 of the city's weak villages; those without a venue (M-49) come from the ledger
_WEAK_WITH_GAP = 38  # M-52, M-53: 38 of these 61, 9.49 million yuan in all
_GAP_WAN = 949


@dataclass(frozen=True, slots=True)
class _Venue:
    has_venue: bool
    floor_area_m2: int | None = None
    built_year: int | None = None
    condition: str | None = None
    plan: str = "none"
    planned_area_m2: int | None = None
    budget: int | None = None
    funds_secured: int | None = None
    funding_gap: int | None = None
    construction_debt: int | None = None
    completed_on: date | None = None
    service_rooms: int | None = None

    def row(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)


class Venues:
    """Figures of every village and community; a project that is completed changes what there is."""

    def __init__(
        self,
        branches: tuple[Branch, ...],
        city_weak: tuple[str, ...],
        without: frozenset[str],
        listed: frozenset[str],
        seed: int,
    ) -> None:
        """`without` are the weak villages listed for having no venue, `city_weak` all weak villages of the city.

        `listed` were ever listed, for whatever reason: who is listed for another reason has a venue.
        """
        self._now: dict[str, _Venue] = {}
        self._before: dict[str, _Venue] = {}
        rng = Random(f"{seed}:venues")  # noqa: S311 - sample data
        fit = [code for code in city_weak if code not in without]
        unfit = frozenset(rng.sample(fit, _WEAK_UNFIT))
        needy = [code for code in city_weak if code in without or code in unfit]
        short = sorted(rng.sample(needy, _WEAK_WITH_GAP))
        gap_wan = dict(zip(short, share_out(_GAP_WAN, [8] * len(short), [44] * len(short), rng), strict=True))
        for branch in branches:
            code = branch.code
            if code == REPORTED_COMMUNITY:
                self._move_house(code)
            elif code in city_weak or code in without:
                self._now[code] = self._weak(code in without, code in unfit, gap_wan.get(code, 0), rng)
            elif code in listed:
                self._now[code] = self._standing(False, rng)
            else:
                self._now[code] = self._other(branch, rng)
                if branch.kind != COMMUNITY and rng.random() < 0.06:
                    self._complete(code, rng)

    def _weak(self, without: bool, unfit: bool, gap_wan: int, rng: Random) -> _Venue:
        venue = self._standing(unfit, rng) if not without else _Venue(has_venue=False)
        if not without and not unfit:
            return venue
        return self._planned(venue, "new_build" if without else rng.choice(("new_build", "extension")), gap_wan, rng)

    def _standing(self, unfit: bool, rng: Random) -> _Venue:
        condition = rng.choice(("dangerous", "cramped", "dilapidated")) if unfit else "sound"
        area = rng.randint(40, 85) if condition == "cramped" else rng.randint(90, 320)
        year = rng.randint(1976, 1995) if unfit else rng.randint(1992, 2011)
        return _Venue(True, area, year, condition, service_rooms=rng.randint(1, 5) if unfit else rng.randint(4, 11))

    def _planned(self, venue: _Venue, plan: str, gap_wan: int, rng: Random) -> _Venue:
        area = rng.choice((160, 180, 200, 240, 260, 300, 360))
        secured = rng.randint(8, 26)
        return replace(
            venue,
            plan=plan,
            planned_area_m2=area,
            budget=(secured + gap_wan) * 10_000,
            funds_secured=secured * 10_000,
            funding_gap=gap_wan * 10_000 if gap_wan else None,
        )

    def _other(self, branch: Branch, rng: Random) -> _Venue:
        chance = rng.random()
        if chance < 0.015:
            return self._planned(_Venue(has_venue=False), "new_build", rng.choice((0, 0, 12, 20)), rng)
        venue = self._standing(chance < 0.09, rng)
        if venue.condition != "sound" and rng.random() < 0.5:
            return self._planned(venue, "extension", rng.choice((0, 10)), rng)
        debt = rng.randint(3, 25) * 10_000 if rng.random() < 0.12 else None
        return replace(venue, construction_debt=debt)

    def _complete(self, code: str, rng: Random) -> None:
        """A new building, completed on a day of 2013 or 2014; before that there was none."""
        day = date(rng.choice((2013, 2014)), rng.choice((5, 6, 8, 9, 10)), rng.randint(1, 28))
        area = rng.choice((180, 200, 240, 300))
        budget = rng.randint(16, 40) * 10_000
        planned = _Venue(False, plan="new_build", planned_area_m2=area, budget=budget, funds_secured=budget)
        self._before[code] = planned
        self._now[code] = replace(
            planned,
            has_venue=True,
            floor_area_m2=area,
            built_year=day.year,
            condition="sound",
            completed_on=day,
            service_rooms=rng.randint(7, 11),
        )

    def _move_house(self, code: str) -> None:
        """C-01, C-03, C-04: from 60 square metres into a new building of 1,500."""
        self._before[code] = _Venue(True, 60, 1988, "cramped", "new_build", 1500, 6_000_000, 6_000_000, service_rooms=1)
        self._now[code] = replace(
            self._before[code],
            floor_area_m2=1500,
            built_year=2014,
            condition="sound",
            completed_on=date(2014, 8, 20),
            service_rooms=9,
        )

    def row(self, code: str, end: date) -> tuple[object, ...]:
        """Values of the venue form's columns on the last day of a quarter."""
        now = self._now[code]
        if now.completed_on and now.completed_on > end:
            return self._before[code].row()
        return now.row()
