"""Party membership of the sample's branches by quarter: members, their ages, the way from applicant to recruit."""

from __future__ import annotations

from random import Random

from samples.places import CITY, COMMUNITY, VILLAGE, Places
from samples.share import share_out

_RURAL_MEMBERS = 20_842  # K-02, the county's 371 branches at the end of 2014
_RECRUITED_2013 = 369  # M-65, the city's 531 villages
_RECRUITED_IN_WEAK_2014 = 99  # M-11, M-12, M-13: the city's weak villages and communities
_ACTIVISTS_IN_WEAK = 538
_RESERVES_IN_WEAK = 103


class Membership:
    """Figures of every branch and quarter of 2013 and 2014."""

    def __init__(self, places: Places, weak: frozenset[str], seed: int) -> None:
        self._rows: dict[tuple[str, int, int], tuple[object, ...]] = {}
        rng = Random(f"{seed}:members")  # noqa: S311 - sample data
        aside = Random(f"{seed}:members:district")  # noqa: S311 - sample data
        branches = places.branches
        recruits = {}
        for branch in branches:
            drawn = branch.drawn_from(rng, aside)
            recruits[branch.code] = (self._recruits(branch.kind, drawn), self._recruits(branch.kind, drawn))
        city_villages = [b.code for b in places.of_city(CITY, VILLAGE)]
        in_weak = [b.code for b in branches if b.code in weak and b.kind in (VILLAGE, COMMUNITY) and b.in_city]
        self._share(recruits, 0, city_villages, _RECRUITED_2013, rng)
        self._share(recruits, 1, in_weak, _RECRUITED_IN_WEAK_2014, rng)
        activists = {b.code: self._activists(b.kind, b.drawn_from(rng, aside)) for b in branches}
        activists |= dict(zip(in_weak, share_out(_ACTIVISTS_IN_WEAK, [3] * 84, [11] * 84, rng), strict=True))
        reserves = {b.code: b.drawn_from(rng, aside).randint(1, 3) for b in branches}
        reserves |= dict(zip(in_weak, share_out(_RESERVES_IN_WEAK, [0] * 84, [3] * 84, rng), strict=True))
        members = {b.code: self._members(b.kind, b.drawn_from(rng, aside)) for b in branches}
        county = [b.code for b in branches if b.in_county]
        shared = share_out(_RURAL_MEMBERS, [24] * len(county), [92] * len(county), rng)
        members |= dict(zip(county, shared, strict=True))
        for branch in branches:
            code = branch.code
            self._write_quarters(
                code, members[code], recruits[code], activists[code], reserves[code], code in weak, rng
            )

    def _recruits(self, kind: str, rng: Random) -> int:
        if kind in (VILLAGE, COMMUNITY):
            return rng.choices((0, 1, 2, 3), (48, 38, 11, 3))[0]
        return rng.choices((0, 1, 2), (80, 16, 4))[0]

    def _share(
        self, recruits: dict[str, tuple[int, int]], year: int, codes: list[str], total: int, rng: Random
    ) -> None:
        """Raise and lower the recruits of a year until they add up to the total."""
        while (difference := total - sum(recruits[code][year] for code in codes)) != 0:
            code = rng.choice(codes)
            pair = list(recruits[code])
            if difference < 0 < pair[year]:
                pair[year] -= 1
            elif difference > 0 and pair[year] < 3:
                pair[year] += 1
            recruits[code] = (pair[0], pair[1])

    def _activists(self, kind: str, rng: Random) -> int:
        return rng.randint(2, 8) if kind in (VILLAGE, COMMUNITY) else rng.randint(0, 3)

    def _members(self, kind: str, rng: Random) -> int:
        if kind == VILLAGE:
            return rng.randint(22, 88)
        return rng.randint(60, 190) if kind == COMMUNITY else rng.randint(4, 26)

    def _write_quarters(
        self,
        code: str,
        members_at_end: int,
        recruits: tuple[int, int],
        activists: int,
        reserves: int,
        weak: bool,
        rng: Random,
    ) -> None:
        """Walk backwards from the end of 2014: recruits come, a member leaves now and then."""
        old = rng.uniform(0.34, 0.56) + (0.06 if weak else 0.0)
        young, female = rng.uniform(0.03, 0.1), rng.uniform(0.1, 0.24)
        quarters_of_recruits = [sorted(rng.choices((2, 3, 4), k=count)) for count in recruits]
        members = members_at_end
        for year in (2014, 2013):
            for quarter in (4, 3, 2, 1):
                when = quarters_of_recruits[year - 2013]
                recruited = sum(number <= quarter for number in when)
                waiting = recruits[year - 2013] - recruited
                over_60, under_35 = int(members * old), max(int(members * young), 0)
                applicants = activists + 2 + (quarter + year) % 3 + waiting
                self._rows[code, year, quarter] = (
                    members,
                    over_60,
                    under_35,
                    int(members * female),
                    applicants,
                    activists,
                    recruited,
                    reserves,
                )
                members = max(members - when.count(quarter) + (rng.random() < 0.1), 3)

    def row(self, code: str, year: int, quarter: int) -> tuple[object, ...]:
        """Values of the membership form's columns."""
        return self._rows[code, year, quarter]
