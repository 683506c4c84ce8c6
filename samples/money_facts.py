"""Operating funding of the sample's villages: what came in and went out by quarter, in yuan."""

from __future__ import annotations

from random import Random

from samples.places import Branch

_HUNDRED = 100  # sheets in 万元 show two decimals, so every figure is a multiple of 100 yuan


def _round(yuan: float) -> int:
    return round(yuan / _HUNDRED) * _HUNDRED


class Funding:
    """Cumulative figures of every village and quarter of 2013 and 2014."""

    def __init__(self, villages: tuple[Branch, ...], weak: dict[str, int], seed: int) -> None:
        """`weak` numbers the weak villages, from 0: the first of them are the extremes that the reports mention."""
        self._years: dict[tuple[str, int], tuple[tuple[int, ...], ...]] = {}
        self._debt: dict[str, list[int]] = {}
        for village in villages:
            rng = Random(f"{seed}:funding:{village.code}")  # noqa: S311 - sample data
            level = rng.lognormvariate(0.0, 0.16)
            income = 0.0 if rng.random() < 0.35 else rng.lognormvariate(9.6, 0.8)
            for year, mean in ((2013, 74_000), (2014, 92_000)):
                transfer = min(max(mean * level * rng.uniform(0.95, 1.05), 34_000), 132_000)
                transfer = self._weak_transfer(transfer, weak.get(village.code), rng)
                self._years[village.code, year] = self._quarters(transfer, income, year, rng)
                income *= rng.uniform(0.8, 1.35)
            self._debt[village.code] = self._debts(rng)

    def _weak_transfer(self, transfer: float, number: int | None, rng: Random) -> float:
        """M-56, M-57: among the weak villages some get more than 100,000 yuan a year and some less than 30,000."""
        if number is None:
            return transfer
        if number % 19 == 0:
            return rng.uniform(104_000, 118_000)
        if number % 19 == 1:
            return rng.uniform(23_500, 29_000)
        return transfer * rng.uniform(0.75, 0.98)

    def _quarters(self, transfer: float, income: float, year: int, rng: Random) -> tuple[tuple[int, ...], ...]:
        party_work = (16_000 if year == 2013 else 20_500) * rng.uniform(0.8, 1.2)
        other = rng.choice((0, 0, rng.uniform(2_000, 28_000)))
        received = transfer + party_work + other + income
        pay = transfer * rng.uniform(0.42, 0.58)
        spend = (received - pay) * rng.uniform(0.45, 0.85)
        shares = [0.25 + rng.uniform(-0.03, 0.03) for _ in range(3)]
        quarters = []
        for number in range(4):
            share = sum(shares[: number + 1]) if number < 3 else 1.0
            money = [_round(amount * share) for amount in (transfer, party_work, other, income)]
            quarters.append((*money, sum(money), _round(spend * share), _round(pay * share)))
        return tuple(quarters)

    def _debts(self, rng: Random) -> list[int]:
        debt = 0.0 if rng.random() < 0.45 else rng.lognormvariate(11.2, 0.8)
        debts = []
        for _ in range(8):
            debts.append(_round(min(debt, 4_000_000)))
            debt *= rng.uniform(0.9, 1.04)
        return debts

    def row(self, branch: Branch, year: int, quarter: int) -> tuple[object, ...]:
        """Values of the funding form's columns."""
        debt = self._debt[branch.code][(year - 2013) * 4 + quarter - 1]
        return (*self._years[branch.code, year][quarter - 1], debt)
