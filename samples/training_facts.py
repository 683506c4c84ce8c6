"""Training that the sample's counties report by quarter: sessions held, secretaries and cadres who took part."""

from __future__ import annotations

from random import Random

from samples.places import CITY, Places
from samples.share import share_out

_OF_CITY = (24, 215, 679)  # M-14, M-15, M-16: the city's counties together, in 2014
_LOWEST, _HIGHEST = (3, 30, 90), (10, 90, 260)  # of a county and year


class Training:
    """Figures of every county and quarter of 2013 and 2014, counted since January."""

    def __init__(self, places: Places, seed: int) -> None:
        self._seed = seed
        rng = Random(f"{seed}:training")  # noqa: S311 - sample data
        self._rows: dict[tuple[str, int, int], tuple[int, ...]] = {}
        counties = tuple(dict.fromkeys(township.county_code for township in places.townships))
        city = [code for code in counties if code.startswith(CITY)]
        for year in (2013, 2014):
            totals = {
                code: [rng.randint(*bounds) for bounds in zip(_LOWEST, _HIGHEST, strict=True)] for code in counties
            }
            if year == 2014:
                of_county = [
                    share_out(total, [low] * len(city), [high] * len(city), rng)
                    for total, low, high in zip(_OF_CITY, _LOWEST, _HIGHEST, strict=True)
                ]
                totals |= {code: [shares[n] for shares in of_county] for n, code in enumerate(city)}
            for code in counties:
                parts = sorted(rng.uniform(0.1, 0.9) for _ in range(3))
                for quarter, part in enumerate((*parts, 1.0), 1):
                    # Who is trained is trained in a session: there is one from the first quarter on.
                    sessions = max(round(totals[code][0] * part), 1)
                    people = (round(total * part) for total in totals[code][1:])
                    self._rows[code, year, quarter] = (sessions, *people)

    def by_township(self, county_code: str, year: int, quarter: int, townships: int) -> list[tuple[int, ...]]:
        """The county's figures as rows of its townships: like the county's own, they never fall within a year."""
        rows = [(0,) * len(_LOWEST)] * townships
        before: tuple[int, ...] = (0,) * len(_LOWEST)
        for number in range(1, quarter + 1):
            rng = Random(f"{self._seed}:training:{county_code}:{year}:{number}")  # noqa: S311 - sample data
            now = self.row(county_code, year, number)
            new = [
                share_out(total - earlier, [0] * townships, [total - earlier] * townships, rng)
                for total, earlier in zip(now, before, strict=True)
            ]
            rows = [
                tuple(known + shares[place] for known, shares in zip(row, new, strict=True))
                for place, row in enumerate(rows)
            ]
            before = now
        return rows

    def row(self, county_code: str, year: int, quarter: int) -> tuple[int, ...]:
        """Values of the training form's columns."""
        return self._rows[county_code, year, quarter]
