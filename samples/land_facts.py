"""Drinking water and roads of the sample's villages by half-year."""

from __future__ import annotations

from random import Random

from samples.places import Branch
from samples.share import share_out

_WEAK_WATER_GAP = 33  # M-61, M-62: 33 of the city's weak villages, 90 hamlets
_HAMLETS_IN_GAP = 90
_WEAK_POOR_ROADS = 28  # M-63


class Land:
    """Figures of every village and half-year of 2013 and 2014; the city's weak villages are listed first."""

    def __init__(
        self, villages: tuple[Branch, ...], city_weak: tuple[str, ...], weak: frozenset[str], seed: int
    ) -> None:
        self._water: dict[tuple[str, int, int], tuple[object, ...]] = {}
        self._roads: dict[tuple[str, int, int], tuple[object, ...]] = {}
        rng = Random(f"{seed}:land")  # noqa: S311 - sample data
        dry = sorted(rng.sample(range(len(city_weak)), _WEAK_WATER_GAP))
        gaps = share_out(_HAMLETS_IN_GAP, [1] * len(dry), [5] * len(dry), rng)
        gap_of = {city_weak[n]: gap for n, gap in zip(dry, gaps, strict=True)}
        poor = {city_weak[n] for n in rng.sample(range(len(city_weak)), _WEAK_POOR_ROADS)}
        for village in villages:
            code = village.code
            hamlets = max(rng.randint(2, 11), gap_of.get(code, 0) + 1)
            if code in city_weak:
                gap = gap_of.get(code, 0)
                is_poor = code in poor
            else:
                gap = min(rng.choices((0, 1, 2, 3), (80, 12, 5, 3))[0], hamlets - 1)
                is_poor = rng.random() < (0.3 if code in weak else 0.07)
            self._write_water(village, hamlets, gap, rng)
            self._write_roads(code, hamlets, is_poor, rng)

    def _write_water(self, village: Branch, hamlets: int, gap: int, rng: Random) -> None:
        year = rng.choices((rng.randint(1987, 1993), rng.randint(1994, 1999), rng.randint(2000, 2012)), (4, 4, 2))[0]
        short_at_end = rng.randint(0, gap)
        planned = bool(gap) and rng.random() < 0.55
        investment = round(gap * rng.uniform(4, 16), 1) * 10_000 if planned else None
        solved = rng.choice((0, 0, 1)) if hamlets > gap else 0
        per_hamlet = (village.households or hamlets) // hamlets
        for number, (half_year, half) in enumerate(((2013, 1), (2013, 2), (2014, 1), (2014, 2))):
            unsafe = gap - short_at_end + (solved if number < 2 else 0)
            affected = (short_at_end + unsafe) * per_hamlet * 9 // 10
            self._water[village.code, half_year, half] = (
                hamlets,
                short_at_end,
                unsafe,
                affected,
                year,
                planned,
                None if investment is None else int(investment),
            )

    def _write_roads(self, code: str, hamlets: int, poor: bool, rng: Random) -> None:
        length = round(rng.uniform(3, 34), 1)
        share = rng.uniform(0.35, 0.75) if poor else rng.uniform(0.0, 0.45)
        unpaved = round(length * share, 1)
        conditions = [rng.choice(("good", "good", "fair")) for _ in range(3)]
        if poor:
            for index in rng.sample(range(3), rng.randint(1, 3)):
                conditions[index] = "poor"
        unconnected = min(rng.choice((1, 2, 3)) if poor else rng.choice((0, 0, 0, 1)), hamlets - 1)
        bridges = rng.choice((None, None, 1, 2)) if poor else rng.choice((None, None, None, 1))
        for number, (half_year, half) in enumerate(((2013, 1), (2013, 2), (2014, 1), (2014, 2))):
            left = round(min(unpaved + (3 - number) * 0.2, length), 1)
            needed = int(left * rng.uniform(18, 30)) * 10_000 if left > 1 else None
            self._roads[code, half_year, half] = (length, left, unconnected, *conditions, bridges, needed)

    def water(self, code: str, year: int, half: int) -> tuple[object, ...]:
        """Values of the water form's columns."""
        return self._water[code, year, half]

    def roads(self, code: str, year: int, half: int) -> tuple[object, ...]:
        """Values of the road form's columns."""
        return self._roads[code, year, half]
