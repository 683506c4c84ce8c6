"""Contact visits of the sample: what leaders and first secretaries did each month in the branches being put right."""

from __future__ import annotations

from random import Random

from samples.ledger_facts import Listing
from samples.places import COMMUNITY, VILLAGE

_LAST = 2014 * 12 + 11


class Visits:
    """Figures of every listing and month in which the ledger shows it."""

    def __init__(self, listings: tuple[Listing, ...], seed: int) -> None:
        rng = Random(f"{seed}:visits")  # noqa: S311 - sample data
        self._rows: dict[tuple[str, int], tuple[object, ...]] = {}
        for listing in listings:
            self._write_months(listing, rng)

    def _write_months(self, listing: Listing, rng: Random) -> None:
        """Leaders are assigned and first secretaries sent to villages and communities, as the ledger says of them."""
        visited = listing.branch.kind in (VILLAGE, COMMUNITY)
        lapses = rng.choice((0.0, 0.0, 0.1, 0.3))
        open_problems = 0
        for month in range(listing.first_month, (listing.last_month or _LAST) + 1):
            raised = rng.randint(0, 6)
            solved = min(open_problems + raised, rng.randint(0, 6))
            open_problems += raised - solved
            visits = rng.choice((0, 1)) if rng.random() < lapses else rng.choice((2, 2, 2, 3))
            self._rows[listing.branch.code, month] = (
                visits if visited else None,
                rng.randint(16, 24) if visited else None,
                raised,
                solved,
                rng.randint(8, 60) if visited else None,
            )

    def row(self, code: str, month: int) -> tuple[object, ...]:
        """Values of the contact visit form's columns in a month (year * 12 + month - 1)."""
        return self._rows[code, month]
