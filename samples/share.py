"""Sharing out a published total: whole numbers that add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def share_out(total: int, lowest: Sequence[int], highest: Sequence[int], rng: Random) -> list[int]:
    """Random whole numbers within their bounds that add up to `total`.

    Raises ValueError when the bounds do not allow the total.
    """
    if not sum(lowest) <= total <= sum(highest):
        raise ValueError(f"{total} cannot be shared out between {sum(lowest)} and {sum(highest)}")
    shares = [rng.randint(low, high) for low, high in zip(lowest, highest, strict=True)]
    while (difference := total - sum(shares)) != 0:
        step = 1 if difference > 0 else -1
        open_ends = [n for n, share in enumerate(shares) if (share < highest[n] if step > 0 else share > lowest[n])]
        rng.shuffle(open_ends)
        for index in open_ends[: abs(difference)]:
            shares[index] += step
    return shares
