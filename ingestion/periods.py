"""Reporting periods: how they are written, read from texts and fitted to a form's frequency."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ingestion.forms import Frequency
from ingestion.texts import fold

_LENGTH = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF: 6, Frequency.YEAR: 12}

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR = r"((?:19|20)\d{2}|[〇零○一二三四五六七八九]{4})"
_MONTH = r"(1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])"
_TO = r"(?:-|—|–|~|～|至|到)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("range", re.compile(rf"{_YEAR}年?(?:度)?{_MONTH}月?{_TO}{_MONTH}月")),
    ("quarter", re.compile(rf"{_YEAR}年?(?:度)?第?([1-4一二三四])季")),
    ("quarter", re.compile(rf"{_YEAR}[-_.]?[Qq]([1-4])")),
    ("half", re.compile(rf"{_YEAR}年?(?:度)?([上下])半年")),
    ("half", re.compile(rf"{_YEAR}[-_.]?[Hh]([12])")),
    ("month", re.compile(rf"{_YEAR}年(?:度)?{_MONTH}月")),
    ("month", re.compile(rf"{_YEAR}[-_./](1[0-2]|0?[1-9])(?!\d)")),
    ("month", re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(?!\d)")),
    ("year", re.compile(rf"{_YEAR}(?:年|$)")),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months, as a text states them: first month and last, both counted year * 12 + month - 1."""

    first: int
    last: int

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    def overlaps(self, other: Span) -> bool:
        """Whether one lies within the other."""
        return (self.first <= other.first and other.last <= self.last) or (
            other.first <= self.first and self.last <= other.last
        )


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a form's frequency: its name (2014-03, 2014-Q1, 2014-H1, 2014) and its last day."""

    name: str
    end: date


@lru_cache(maxsize=8192)
def find_span(text: str) -> Span | None:
    """The first period that a title, sheet name or file name states; None when there is none."""
    folded = fold(text)
    best: tuple[int, Span] | None = None
    for kind, pattern in _PATTERNS:
        found = pattern.search(folded)
        if found and (best is None or found.start() < best[0]):
            best = (found.start(), _span(kind, found))
    return best[1] if best else None


def fit(span: Span, frequency: Frequency) -> Period | None:
    """The period of the frequency that ends where the span ends; None when the span does not tell.

    A quarter or half-year is also fitted to a longer span that counts from January, as cumulative titles do
    (1-6月 on a quarterly form is the second quarter); a bare year never names a shorter period, and a month is
    only what names one.
    """
    length = _LENGTH.get(frequency)
    if length is None:
        return period_ending(span.last, Frequency.MONTH)
    if (span.last + 1) % length:
        return None
    if span.months > length and (length == 1 or span.months == 12 or span.first % 12):
        return None
    return period_ending(span.last, frequency)


@lru_cache(maxsize=8192)
def period_ending(month: int, frequency: Frequency) -> Period:
    """The period of the frequency whose last month is `month` (year * 12 + month - 1)."""
    year, number = divmod(month, 12)
    end = date(year, number + 1, calendar.monthrange(year, number + 1)[1])
    name = {
        Frequency.QUARTER: f"{year}-Q{number // 3 + 1}",
        Frequency.HALF: f"{year}-H{number // 6 + 1}",
        Frequency.YEAR: f"{year}",
    }.get(frequency, f"{year}-{number + 1:02d}")
    return Period(name, end)


def example(frequency: Frequency) -> str:
    """How a title should state a period of the frequency."""
    return {
        Frequency.MONTH: "2014年3月",
        Frequency.QUARTER: "2014年第一季度",
        Frequency.HALF: "2014年上半年",
        Frequency.YEAR: "2014年",
    }.get(frequency, "2014年3月")


def _span(kind: str, found: re.Match[str]) -> Span:
    year = int(found[1].translate(_DIGITS)) * 12
    if kind == "range":
        first, last = _month(found[2]), _month(found[3])
        return Span(year + first - 1, year + max(first, last) - 1)
    if kind == "quarter":
        quarter = int(found[2].translate(_DIGITS))
        return Span(year + quarter * 3 - 3, year + quarter * 3 - 1)
    if kind == "half":
        second = found[2] in "下2"
        return Span(year + 6 * second, year + 6 * second + 5)
    if kind == "month":
        month = _month(found[2])
        return Span(year + month - 1, year + month - 1)
    return Span(year, year + 11)


def _month(text: str) -> int:
    if text.isascii():
        return int(text)
    if text.startswith("十"):
        return 10 + int((text[1:] or "0").translate(_DIGITS))
    return int(text.translate(_DIGITS))
