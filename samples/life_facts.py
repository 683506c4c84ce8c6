"""Organisation life of the sample's branches by month: meetings, lectures, decisions, what was made public."""

from __future__ import annotations

from random import Random

from samples.member_facts import Membership
from samples.places import COMMUNITY, VILLAGE, Branch, Places

_YEARS = (2013, 2014)
_NEEDS_A_COMMITTEE = 7  # members; smaller branches elect a secretary only
_MEMBERS_A_GROUP = 18
_SINCE_THEME_DAYS = 2014  # some branches hold a members' day every month; no rule asks for it yet
_RECRUITED = 6  # column of the membership form's facts


class Life:
    """Figures of every branch and month of 2013 and 2014."""

    def __init__(self, places: Places, weak: frozenset[str], members: Membership, seed: int) -> None:
        rng = Random(f"{seed}:life")  # noqa: S311 - sample data
        self._rows: dict[tuple[str, int], tuple[object, ...]] = {}
        for branch in places.branches:
            self._write_months(branch, branch.code in weak, members, rng)

    def _write_months(self, branch: Branch, weak: bool, members: Membership, rng: Random) -> None:
        lapses = rng.uniform(0.08, 0.35) if weak else rng.choice((0.0, 0.01, 0.02, 0.06))
        count = int(str(members.row(branch.code, 2013, 1)[0]))
        governs = branch.kind in (VILLAGE, COMMUNITY)
        groups = count // _MEMBERS_A_GROUP if governs else 0
        theme_days = rng.random() < 0.3
        for year in _YEARS:
            recruited = 0
            for quarter in (1, 2, 3, 4):
                recruited_before = recruited
                recruited = int(str(members.row(branch.code, year, quarter)[_RECRUITED]))
                # Whom a branch takes in, its members decide in a meeting.
                meetings = self._once(lapses, rng, surely=recruited > (recruited_before if quarter > 1 else 0))
                lectures, affairs, finance = (self._once(lapses, rng) for _ in range(3))
                for number in range(3):
                    month = year * 12 + quarter * 3 - 3 + number
                    resolutions = rng.choices((0, 1, 2, 3), (45, 35, 15, 5))[0]
                    through = resolutions if rng.random() >= lapses else rng.randint(0, resolutions)
                    self._rows[branch.code, month] = (
                        meetings[number],
                        self._held(1 + (rng.random() < 0.2), lapses, rng) if count >= _NEEDS_A_COMMITTEE else None,
                        self._held(groups, lapses, rng) if groups else None,
                        lectures[number],
                        int(theme_days and year >= _SINCE_THEME_DAYS),
                        *((resolutions, through, affairs[number], finance[number]) if governs else (None,) * 4),
                    )

    def _held(self, times: int, lapses: float, rng: Random) -> int:
        return 0 if rng.random() < lapses else times

    def _once(self, lapses: float, rng: Random, *, surely: bool = False) -> list[int]:
        """What is due once a quarter, by its three months."""
        months = [0, 0, 0]
        if surely or rng.random() >= lapses:
            months[rng.choice((0, 1, 2, 2))] = 1
            if rng.random() < 0.1:
                months[rng.randrange(3)] = 1
        return months

    def row(self, code: str, month: int) -> tuple[object, ...]:
        """Values of the organisation life form's columns in a month (year * 12 + month - 1)."""
        return self._rows[code, month]
