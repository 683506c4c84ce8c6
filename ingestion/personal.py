"""What looks like a fact about a person, and how it is shown without giving it away."""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.texts import fold

# Identity numbers: region, birthday, serial, check character (GB 11643); mobile numbers; bank cards (Luhn digit).
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_OLD_IDENTITY = re.compile(r"(?<!\d)[1-6]\d{5}[3-9]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86-?)?1[3-9]\d-?\d{4}-?\d{4}(?!\d)")
_CARD = re.compile(r"(?<![0-9A-Za-z])(?:62|4|5)\d{14,18}(?!\d)")
_TELEPHONE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
_LONG_DIGITS = re.compile(r"\d(?:[ -]?\d){9,}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@lru_cache(maxsize=16_384)
def is_personal_text(text: str) -> bool:
    """Whether a cell holds an identity number, a telephone number or a bank card."""
    if len(text) < 11:
        return False
    folded = fold(text)
    return (
        any(_is_identity(found[0]) for found in _IDENTITY.finditer(folded))
        or bool(_MOBILE.search(folded) or _TELEPHONE.search(folded) or _OLD_IDENTITY.search(folded))
        or any(_is_card(found[0]) for found in _CARD.finditer(folded))
    )


def masked(text: str) -> str:
    """The text with the middle of every long run of digits replaced, as 138****5678."""
    return _LONG_DIGITS.sub(lambda found: f"{found[0][:3]}****{found[0][-2:]}", fold(text))


def shown(text: str) -> str:
    """The text as a finding may show it: masked when it looks personal, else as it stands."""
    return masked(text) if is_personal_text(text) else text


def _is_identity(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def _is_card(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (
        len(digits) in (16, 19)
        and sum(d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(digits)) % 10 == 0
    )
