"""Check digits of invented numbers of persons."""

from __future__ import annotations


def luhn_digit(digits: str) -> str:
    doubled = [int(d) * 2 - 9 * (int(d) > 4) if n % 2 == 0 else int(d) for n, d in enumerate(reversed(digits))]
    return str(-sum(doubled) % 10)


def identity_check(digits: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11]
