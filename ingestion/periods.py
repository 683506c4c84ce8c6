"""Reporting periods: how they are written, read from texts and fitted to a form's frequency."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ingestion.forms import Frequency
from ingestion.texts import fold

_LENGTH = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF: 6, Frequency.YEAR: 12}

_DIGITS = str.maketrans("〇零○Oo一二三四五六七八九", "00000123456789")
_YEAR = r"((?<!\d)(?:19|20)\d{2}|[一二][〇零○Oo0一二三四五六七八九]{3}|(?<!\d)[0-4]\d(?=年\S{0,4}[月季半]))"
_OF_YEAR = r"(?:年度?)?[(（]?"
_MONTH = r"(1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])"
_QUARTER = r"第?([1-4一二三四])季度?"
_TO = r"(?:[-\u2010-\u2015\u2212~～]{1,2}|至|到)"
_NO_DAY = r"(?!\d{1,2}[日号])"

_A_YEAR = re.compile(_YEAR)
_MAY_BE_DATE = re.compile(r"[日号:]|\d[-/._]\d{1,2}[-/._]\d")
_MAY_BE_PARTIAL = re.compile(r"[月季]|半年")

# What stands behind a year, in the order in which it is tried.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("range", re.compile(rf"{_OF_YEAR}{_MONTH}月?(?:份)?{_TO}{_MONTH}月")),
    ("across", re.compile(rf"年{_MONTH}月(?:份)?{_TO}{_YEAR}年{_MONTH}月")),
    ("across", re.compile(rf"[./]{_MONTH}{_TO}{_YEAR}[./]{_MONTH}(?![\d.]*\d)")),
    ("range", re.compile(rf"(?:年|[./]){_MONTH}{_TO}{_MONTH}(?![\d.]*\d|[-/_]\d|[日号季])")),
    ("quarter", re.compile(rf"{_OF_YEAR}{_QUARTER}")),
    ("quarter", re.compile(r"年?[-_.]?[Qq]([1-4])(?!\d)")),
    ("half", re.compile(rf"{_OF_YEAR}([上下])半年")),
    ("half", re.compile(r"[-_.]?[Hh]([12])(?!\d)")),
    ("month", re.compile(rf"{_OF_YEAR}{_MONTH}月{_NO_DAY}")),
    ("month", re.compile(r"[-_./](1[0-2]|0?[1-9])(?![\d.]*\d)(?![-/_]\d)")),
    ("month", re.compile(r"(?<=\d)(0[1-9]|1[0-2])(?!\d)")),
    ("year", re.compile(r"(?:年(?!\S{0,3}月\d{1,2}[日号])|$)")),
)
# The day a figure is counted to names its month; any other full date says when something was filled in or sent.
_COUNTED_TO = re.compile(rf"截[至止]到?{_YEAR}年{_MONTH}月\d{{1,2}}[日号]")
_FULL_DATE = re.compile(
    rf"{_YEAR}年{_MONTH}月\d{{1,2}}[日号]|(?<!\d)20\d{{2}}([-/._])(?:1[0-2]|0?[1-9])\3(?:3[01]|[12]\d|0?[1-9])(?!\d)"
    r"|(?:填报|填表|制表|报送|报出|上报|打印|编制)(?:时间|日期):?\S{0,12}?(?:[日号]|(?<=\d)(?=\D|$)|$)"
)
_PARTIAL: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("range", re.compile(rf"(?<!\d){_MONTH}月?(?:份)?{_TO}{_MONTH}月")),
    ("quarter", re.compile(rf"(?<!\d){_QUARTER}")),
    ("half", re.compile(r"([上下])半年")),
    ("month", re.compile(rf"(?<![\d年十]){_MONTH}月{_NO_DAY}")),
)


class Span(NamedTuple):
    """Whole months, as a text states them: first month and last, both counted year * 12 + month - 1.

    `bare_year` tells 2014年 from 2014年1-12月, which on a cumulative return names its last quarter.
    """

    first: int
    last: int
    bare_year: bool = False

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    def overlaps(self, other: Span) -> bool:
        """Whether one lies within the other."""
        return (self.first <= other.first and other.last <= self.last) or (
            other.first <= self.first and self.last <= other.last
        )


class Period(NamedTuple):
    """A period of a form's frequency: its name (2014-03, 2014-Q1, 2014-H1, 2014) and its last day."""

    name: str
    end: date


@lru_cache(maxsize=8192)
def find_spans(text: str) -> tuple[Span, ...]:
    """Every period that a title, sheet name or file name states; of two that lie within each other the shorter.

    Dates on which something was filled in or sent are none; a month, quarter or half-year without its year is none
    either (see `partial_span`).
    """
    folded = fold(text)
    if not _A_YEAR.search(folded):
        return ()
    found = []
    if "截" in folded:
        found = [Span(month, month) for month in map(_counted_to, _COUNTED_TO.finditer(folded))]
        folded = _COUNTED_TO.sub("|", folded)
    if _MAY_BE_DATE.search(folded):
        folded = _FULL_DATE.sub("|", folded)
    found.extend(_scan(folded))
    if len(found) == 1:
        return (found[0],)
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: span.months):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.first))


def find_span(text: str) -> Span | None:
    """The period that a text states; None when it states none, or several."""
    spans = find_spans(text)
    return spans[0] if len(spans) == 1 else None


@lru_cache(maxsize=8192)
def partial_span(text: str) -> Span | None:
    """A month, quarter or half-year that a text states without its year, as a span of the year 0; None otherwise."""
    if not _MAY_BE_PARTIAL.search(text):
        return None
    folded = _FULL_DATE.sub("|", fold(text))
    for kind, pattern in _PARTIAL:
        matches = list(pattern.finditer(folded))
        spans = {_span_in_year(kind, match.groups()) for match in matches}
        if len(spans) == 1:
            return spans.pop()
        if spans:
            return None
    return None


def in_year(partial: Span, year: int) -> Span:
    """A partial span of the given year."""
    return Span(year * 12 + partial.first, year * 12 + partial.last)


@lru_cache(maxsize=8192)
def fit(span: Span, frequency: Frequency) -> Period | None:
    """The period of the frequency that ends where the span ends; None when the span does not tell.

    A quarter or half-year is also fitted to its last month, and to a longer span that counts from January, as
    cumulative titles do (1-6月 on a quarterly form is the second quarter); a bare year never names a shorter period,
    and a month is only what names one.
    """
    length = _LENGTH.get(frequency)
    if length is None:
        return period_ending(span.last, Frequency.MONTH)
    if (span.last + 1) % length or (span.bare_year and length < 12):
        return None
    from_january = span.first % 12 == 0 and span.months <= 12 and length > 1
    exact = span.months == length or (span.months == 1 and length < 12)
    return period_ending(span.last, frequency) if exact or from_january else None


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


def span_name(span: Span) -> str:
    """A span as 2014-03, 2014-Q1, 2014-H1, 2014 or 2014-01..2014-05."""
    for frequency, length in _LENGTH.items():
        if span.months == length and not (span.last + 1) % length:
            return period_ending(span.last, frequency).name
    first, last = (period_ending(month, Frequency.MONTH).name for month in (span.first, span.last))
    return f"{first}..{last}"


def first_day(name: str) -> date | None:
    """First day of the period called 2014, 2014-H1, 2014-Q1 or 2014-03; None when it is no such name."""
    found = re.fullmatch(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?", name)
    if not found:
        return None
    year, half, quarter, month = found.groups()
    number = int(half) * 6 - 5 if half else int(quarter) * 3 - 2 if quarter else int(month or 1)
    return date(int(year), number, 1)


def begins_after(period: Period | None, day: date | None) -> bool:
    """Whether a period begins only after the day; one that is running does not."""
    if period is None or day is None or period.end <= day:
        return False
    first = first_day(period.name)
    return first is not None and first > day


def frequency_of(name: str) -> Frequency:
    """How often a return is made whose period is called so (2014, 2014-H1, 2014-Q1, 2014-03)."""
    shorter = {"H": Frequency.HALF, "Q": Frequency.QUARTER}.get(name[5:6], Frequency.MONTH)
    return shorter if name[4:] else Frequency.YEAR


def periods_within(name: str) -> tuple[Period, ...]:
    """The period called 2014, 2014-H1, 2014-Q1 or 2014-03 and every shorter one in it; none when it is no such name."""
    first = first_day(name)
    if first is None:
        return ()
    length = _LENGTH[frequency_of(name)]
    start = first.year * 12 + first.month - 1
    months = range(start, start + length)
    return tuple(
        period_ending(month, frequency)
        for frequency, covered in sorted(_LENGTH.items(), key=lambda item: -item[1])
        for month in months
        if covered <= length and not (month + 1) % covered
    )


def example(frequency: Frequency) -> str:
    """How a title should state a period of the frequency."""
    return {
        Frequency.MONTH: "2014年3月",
        Frequency.QUARTER: "2014年第一季度",
        Frequency.HALF: "2014年上半年",
        Frequency.YEAR: "2014年",
    }.get(frequency, "2014年3月")


def _scan(text: str) -> Iterator[Span]:
    """Periods from left to right, each beginning with its year; of the patterns the first that matches there counts."""
    start = 0
    while year := _A_YEAR.search(text, start):
        for kind, pattern in _PATTERNS:
            found = pattern.match(text, year.end())
            if found:
                yield _span(kind, _year(year[1]), found.groups())
                start = found.end()
                break
        else:
            start = year.start() + 1


def _span(kind: str, year: int, texts: tuple[str, ...]) -> Span:
    if kind == "across":
        first, last = year * 12 + _month(texts[0]), _year(texts[1]) * 12 + _month(texts[2])
        return Span(first - 1, max(first, last) - 1)
    if kind == "year":
        return Span(year * 12, year * 12 + 11, bare_year=True)
    return in_year(_span_in_year(kind, texts), year)


def _counted_to(found: re.Match[str]) -> int:
    return _year(found[1]) * 12 + _month(found[2]) - 1


def _span_in_year(kind: str, texts: tuple[str, ...]) -> Span:
    if kind == "range":
        first, last = _month(texts[0]), _month(texts[1])
        return Span(first - 1, max(first, last) - 1)
    if kind == "quarter":
        quarter = int(texts[0].translate(_DIGITS))
        return Span(quarter * 3 - 3, quarter * 3 - 1)
    if kind == "half":
        second = texts[0] in "下2"
        return Span(6 * second, 6 * second + 5)
    month = _month(texts[0])
    return Span(month - 1, month - 1)


def _year(text: str) -> int:
    year = int(text.translate(_DIGITS))
    return year + 2000 if year < 100 else year


def _month(text: str) -> int:
    if text.isascii():
        return int(text)
    if text.startswith("十"):
        return 10 + int((text[1:] or "0").translate(_DIGITS))
    return int(text.translate(_DIGITS))
