"""Folding of texts: what is left of a label, a name or a title once typing habits are taken away."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache
from math import isfinite

# Blanks, zero-width marks, soft hyphens and direction marks that NFKC leaves in place.
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]+")
_BRACKETED = re.compile(r"[(\[{【〔]([^)\]}】〕]*)[)\]}】〕]")
_SEEN = re.compile("[^ -~\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")  # what has to be looked at more closely
# How people write that there is nothing to report.
NIL_TEXTS = frozenset(
    {"无", "—", "-", "--", "—-", "——", "---", "–", "/", "//", "\\", "没有", "暂无", "不适用", "无此项"}
)

_NUMBERING = re.compile(r"^(?:\d+[.、)]|\(\d+\)|[一二三四五六七八九十]+[、.])(?=\D)")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Full-width to half-width, all blanks and invisible marks removed."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=65_536)
def fold_label(text: str) -> str:
    """A header text without blanks, numbering, trailing colon and star."""
    return _NUMBERING.sub("", fold(text)).strip(":;*,。·")


def bracketed(folded: str) -> tuple[str, ...]:
    """What stands in brackets in a folded text."""
    return tuple(_BRACKETED.findall(folded))


def without_brackets(folded: str) -> str:
    """A folded text without its bracketed parts."""
    return _BRACKETED.sub("", folded)


def column_letter(index: int) -> str:
    """Spreadsheet letter of a column, counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def cell_address(row: int, column: int) -> str:
    """Spreadsheet address of a cell, both counted from 0: (0, 0) is A1."""
    return f"{column_letter(column)}{row + 1}"


def visible(text: str, keep: str = "\n\t") -> str:
    """A text in which a reader sees all there is: control characters as pictures, marks of direction left out.

    A terminal obeys what follows an escape character, a right-to-left mark shows a name as another.
    """
    return _SEEN.sub(lambda found: found[0] if found[0] in keep else _picture(found[0]), text)


def _picture(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category in ("Cc", "Cs", "Zl", "Zp"):
        return chr(0x2400 + ord(character)) if ord(character) < 0x20 else "\ufffd"
    return character


def as_text(value: object) -> str:
    """A cell as a person reads it: whole numbers without a decimal point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float) and isfinite(value):
        return format(Decimal(repr(value)), "f")  # 0.00003, where str() would say 3e-05
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return str(value).strip()
