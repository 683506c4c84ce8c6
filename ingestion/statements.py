"""What the texts around a table state: who reports, in which unit the figures are, for which period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ingestion import units
from ingestion.findings import Details
from ingestion.forms import FormSpec, Frequency
from ingestion.layout import Preamble
from ingestion.periods import Period, Span, example, find_spans, fit, in_year, partial_span, span_name
from ingestion.texts import cell_address, fold

_KEYS = r"填报|填表|报送|上报|编报|制表|编制|汇总|报告|单\s*位|金额|货币|计量|联系|负责|日期|时间|审核"
_UNIT_LINE = re.compile(
    rf"((?:填报|填表|报送|上报|编报|制表|编制|汇总|报告)?\s*(?:单\s*位)(?:名称)?|(?:金额|货币|计量)\s*单\s*位)\s*(?:[(（][^)）]*[)）])?\s*[:：]"
    rf"\s*(.*?)\s*(?=\s{{2,}}|\t|(?:{_KEYS})[^:：\s]{{0,4}}[:：]|$)"
)
_TITLE = ("标题", "title")
_UNIT_SEPARATOR = re.compile(r"[、,，/及和;；\s]+")
_FREQUENCY = {
    Frequency.MONTH: ("月", "month"),
    Frequency.QUARTER: ("季度", "quarter"),
    Frequency.HALF: ("半年", "half-year"),
    Frequency.YEAR: ("年", "year"),
    Frequency.ON_CHANGE: ("变更", "change"),
}


class UnitLine(NamedTuple):
    """A 单位： of a text: the money and other units it names, or the reporting unit it names."""

    units: tuple[str, ...]
    reporter: str | None
    unknown_unit: str | None = None


class Stated(NamedTuple):
    """A text that states something, where that is in Chinese and English, and its place (None for names of files)."""

    text: str
    where: tuple[str, str]
    place: tuple[int, int] | None = None

    @property
    def cell(self) -> str | None:
        """The text's cell, such as A1."""
        return cell_address(*self.place) if self.place else None


class PeriodStated(NamedTuple):
    """The period of a table, or the finding's code and details when there is none; `source` is what decides."""

    period: Period | None
    source: Stated | None
    problem: str | None = None
    details: Details | None = None


@lru_cache(maxsize=16_384)
def unit_lines(text: str) -> tuple[UnitLine, ...]:
    """Every 单位： in a text."""
    if "单" not in text:
        return ()
    return tuple(_unit_line(fold(key), value.strip()) for key, value in _UNIT_LINE.findall(text))


def _unit_line(key: str, value: str) -> UnitLine:
    if not re.search(r"[(（]", value):
        value = value.rstrip(")） ")  # the line itself stood in brackets: …情况（单位：元）
    parts = tuple(fold(part) for part in _UNIT_SEPARATOR.split(value) if part)
    known = tuple(part for part in parts if units.is_unit(part))
    measures = key in ("单位", "金额单位", "货币单位", "计量单位")
    if measures and known:
        return UnitLine(known, None)
    if measures and parts and all(map(units.looks_like_unit, parts)):
        return UnitLine((), None, unknown_unit=value)
    return UnitLine((), value or None) if key not in ("金额单位", "货币单位", "计量单位") else UnitLine((), None)


def decide_period(
    form: FormSpec,
    own: Sequence[Preamble],
    above: Sequence[Preamble],
    sheet_name: str,
    file_stem: str,
) -> PeriodStated:
    """The period a table is for, from its title, else the sheet's first title, else the names of sheet and file.

    What they state must agree: a month lies in its quarter, 1-3月 is the first quarter. Of several statements the
    nearest that fits the form's frequency counts. A month without a year takes the only year that is stated elsewhere.
    """
    agreed = _agreed(form.frequency, own, sheet_name, file_stem)
    if agreed:
        return agreed
    texts = [_from_cell(text) for text in own]
    spans = list(_spans(texts))
    if not spans:
        spans = list(_spans([_from_cell(text) for text in reversed(above)]))[:1]
    names = []
    if sheet_name:
        names.append(Stated(sheet_name, ("工作表名", "sheet name")))
    names.append(Stated(file_stem, ("文件名", "file name")))
    spans.extend(_spans(names))
    if not any(fit(span, form.frequency) for _, span in spans):
        spans = [*_completed([*texts, *names], spans), *spans]
    return _decide(form, [*texts, *names], spans)


def _agreed(frequency: Frequency, own: Sequence[Preamble], sheet_name: str, file_stem: str) -> PeriodStated | None:
    """The plain case, which is nearly every table: all that is stated is one period, first of all in the title."""
    period: Period | None = None
    source: Preamble | None = None
    for text in own:
        spans = find_spans(text.text)
        if not spans and partial_span(text.text):
            return None
        for span in spans:
            fitted = fit(span, frequency)
            if fitted is None or (period is not None and fitted != period):
                return None
            period, source = fitted, source or text
    for name in (sheet_name, file_stem):
        spans = find_spans(name)
        if not spans and partial_span(name):
            return None
        if any(fit(span, frequency) != period for span in spans):
            return None
    return PeriodStated(period, _from_cell(source)) if source else None


def _decide(form: FormSpec, texts: Sequence[Stated], spans: Sequence[tuple[Stated, Span]]) -> PeriodStated:
    if not spans:
        if form.frequency is Frequency.ON_CHANGE:
            return PeriodStated(None, None)
        return PeriodStated(None, None, "period_missing", {"example": example(form.frequency)})
    fitted = [(stated, span, period) for stated, span in spans if (period := fit(span, form.frequency))]
    if not fitted:
        stated, span = next(((text, span) for text, span in spans if text.place and not span.bare_year), spans[0])
        zh, en = _FREQUENCY[form.frequency]
        details: Details = {
            "form_label": (form.label.zh, form.label.en),
            "frequency": (zh, en),
            "where": stated.where,
            "found": span_name(span),
            "example": example(form.frequency),
        }
        return PeriodStated(None, stated, "period_unsuitable", details)
    source, chosen, period = fitted[0]
    if form.frequency is Frequency.ON_CHANGE:
        return PeriodStated(period, source)
    for stated, span in (*spans, *_partials(texts, chosen)):
        other = fit(span, form.frequency)
        agrees = span.overlaps(chosen) if other is None or span.bare_year else other == period
        if not agrees:
            found = (
                f"{source.where[0]}为 {span_name(chosen)}，{stated.where[0]}为 {span_name(span)}",
                f"{source.where[1]} {span_name(chosen)}, {stated.where[1]} {span_name(span)}",
            )
            return PeriodStated(None, stated if stated.place else source, "period_conflict", {"found": found})
    return PeriodStated(period, source)


def _spans(texts: Sequence[Stated]) -> Iterator[tuple[Stated, Span]]:
    for stated in texts:
        for span in find_spans(stated.text):
            yield stated, span


def _completed(texts: Sequence[Stated], spans: Sequence[tuple[Stated, Span]]) -> Iterator[tuple[Stated, Span]]:
    """A month without a year, in the one year that anything states."""
    years = {span.first // 12 for _, span in spans if span.first // 12 == span.last // 12}
    if len(years) == 1:
        year = years.pop()
        yield from [(stated, in_year(span, year)) for stated, span in _without_year(texts)][:1]


def _partials(texts: Sequence[Stated], chosen: Span) -> Iterator[tuple[Stated, Span]]:
    """Months that are stated without a year beside the period that was chosen, in that period's year."""
    for stated, span in _without_year(texts):
        yield stated, in_year(span, chosen.last // 12)


def _without_year(texts: Sequence[Stated]) -> Iterator[tuple[Stated, Span]]:
    for stated in texts:
        if all(span.bare_year for span in find_spans(stated.text)) and (partial := partial_span(stated.text)):
            yield stated, partial


def _from_cell(text: Preamble) -> Stated:
    return Stated(text.text, _TITLE, (text.row, text.column))


@dataclass(frozen=True, slots=True)
class IndicatorStated:
    """What a periods-across table measures, and in which unit."""

    text: str
    unit: str | None


def indicator_of(form: FormSpec, texts: Sequence[Preamble]) -> IndicatorStated | None:
    """The indicator that a line such as 指标：人口数(人) names; the unit stands in the last brackets."""
    if form.indicator is None:
        return None
    label = fold(form.indicator.label)
    for text in reversed(texts):
        folded = fold(text.text)
        if folded.startswith((f"{label}:", f"{label}：")):
            stated = folded[len(label) + 1 :]
            found = re.search(r"\(([^()]*)\)$", stated)
            return IndicatorStated(stated[: found.start()] if found else stated, found[1] if found else None)
    return None
