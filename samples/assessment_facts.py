"""Annual assessment of the sample's villages: class, score and stars."""

from __future__ import annotations

from random import Random

from samples.places import Branch

_CLASSES = ("industry_trade", "special_produce", "general", "general", "general")
_STARS = ((90.0, "5"), (82.0, "4"), (74.0, "3"), (66.0, "2"), (0.0, "1"))
_BEST_OF_WEAK = 81.9  # who is being put right gets three stars at most


class Assessments:
    """Figures of every village and year; a village with a higher score never has fewer stars."""

    def __init__(self, villages: tuple[Branch, ...], weak: frozenset[str], seed: int) -> None:
        rng = Random(f"{seed}:assessments")  # noqa: S311 - sample data
        self._rows: dict[tuple[str, int], tuple[object, ...]] = {}
        for village in villages:
            village_class, usual = rng.choice(_CLASSES), rng.uniform(64, 93)
            for year in (2013, 2014):
                score = round(min(usual + rng.uniform(-5, 5), 98.5), 1)
                if village.code in weak:
                    score = min(score, _BEST_OF_WEAK)
                stars = next(name for least, name in _STARS if score >= least)
                self._rows[village.code, year] = (village_class, score, stars)

    def row(self, code: str, year: int) -> tuple[object, ...]:
        """Values of the assessment form's columns."""
        return self._rows[code, year]
