from __future__ import annotations

from datetime import date

import pytest

from ingestion.forms import Frequency
from ingestion.periods import find_span, find_spans, first_day, fit, in_year, partial_span, periods_within, span_name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("青石镇2014年第一季度运转经费", ["2014-Q1"]),
        ("2014年1季度", ["2014-Q1"]),
        ("2014年1-3月", ["2014-Q1"]),
        ("２０１４年１—３月", ["2014-Q1"]),
        ("2015.1-3", ["2015-Q1"]),
        ("2015.1-3月运转经费", ["2015-Q1"]),
        ("2015年1-3", ["2015-Q1"]),
        ("2015/10—12", ["2015-Q4"]),
        ("2015.10-2015.12", ["2015-Q4"]),
        ("2014年1——3月", ["2014-Q1"]),
        ("2015-1-3", []),
        ("2015年1-3号", ["2015"]),
        ("二〇一四年第一季度", ["2014-Q1"]),
        ("2014年度（第一季度）", ["2014-Q1"]),
        ("2014年第1季度（1-3月）", ["2014-Q1"]),
        ("2014-Q1", ["2014-Q1"]),
        ("二O一四年第一季度", ["2014-Q1"]),
        ("二0一四年一季度", ["2014-Q1"]),
        ("2014年Q1", ["2014-Q1"]),
        ("2014年上半年", ["2014-H1"]),
        ("2014年1-6月", ["2014-H1"]),
        ("2014年3月", ["2014-03"]),
        ("2014年03月份", ["2014-03"]),
        ("二〇一四年十二月", ["2014-12"]),
        ("14年3月", ["2014-03"]),
        ("2013.03青石镇基层组织情况", ["2013-03"]),
        ("2014-03运转经费", ["2014-03"]),
        ("201403", ["2014-03"]),
        ("截至2014年3月31日", ["2014-03"]),
        ("2014年", ["2014"]),
        ("报表2014", ["2014"]),
        ("2013年12月-2014年2月", ["2013-12..2014-02"]),
        ("2013年第四季度、2014年第一季度", ["2013-Q4", "2014-Q1"]),
        ("填报时间：2014年4月2日", []),
        ("报表2014.4.3", []),
        ("打印日期:2014-04-02", []),
        ("浦组发〔2014〕18号", []),
        ("IMG_20140302", []),
        ("最近20年", []),
        ("第一季度", []),
        ("13912345678", []),
    ],
)
def test_periods_that_a_text_states(text: str, names: list[str]) -> None:
    assert [span_name(span) for span in find_spans(text)] == names


def test_text_that_states_two_periods_states_none_for_sure() -> None:
    assert find_span("2014年3月、2014年4月") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("3月", "2014-03"), ("十二月", "2014-12"), ("第二季度", "2014-Q2"), ("下半年", "2014-H2"), ("1-3月", "2014-Q1")],
)
def test_month_without_its_year(text: str, name: str) -> None:
    partial = partial_span(text)
    assert partial is not None
    assert span_name(in_year(partial, 2014)) == name


@pytest.mark.parametrize("text", ["4月2日", "3月、4月", "上月", "运转经费"])
def test_what_is_no_month_without_its_year(text: str) -> None:
    assert partial_span(text) is None


@pytest.mark.parametrize(
    ("text", "frequency", "name"),
    [
        ("2014年3月", Frequency.MONTH, "2014-03"),
        ("2014年3月", Frequency.QUARTER, "2014-Q1"),
        ("2014年6月", Frequency.HALF, "2014-H1"),
        ("2014年1-6月", Frequency.QUARTER, "2014-Q2"),
        ("2014年1-12月", Frequency.QUARTER, "2014-Q4"),
        ("2014年1-12月", Frequency.YEAR, "2014"),
        ("2014年", Frequency.YEAR, "2014"),
        ("2014年3月", Frequency.ON_CHANGE, "2014-03"),
    ],
)
def test_period_fits_the_frequency(text: str, frequency: Frequency, name: str) -> None:
    (span,) = find_spans(text)
    period = fit(span, frequency)
    assert period is not None
    assert period.name == name


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("2014年2月", Frequency.QUARTER),
        ("2014年2-3月", Frequency.QUARTER),
        ("2014年4-6月", Frequency.HALF),
        ("2014年第一季度", Frequency.MONTH),
        ("2014年", Frequency.QUARTER),
        ("2014年12月", Frequency.YEAR),
        ("2013年12月-2014年2月", Frequency.QUARTER),
    ],
)
def test_period_that_does_not_tell_is_not_fitted(text: str, frequency: Frequency) -> None:
    (span,) = find_spans(text)
    assert fit(span, frequency) is None


def test_last_day_is_that_of_the_period() -> None:
    (span,) = find_spans("2012年2月")
    period = fit(span, Frequency.MONTH)
    assert period is not None
    assert str(period.end) == "2012-02-29"


def test_first_day_of_a_period_by_its_name() -> None:
    names = ("2014", "2014-H2", "2014-Q3", "2014-11", "2014-13")
    assert [str(first_day(name)) for name in names] == ["2014-01-01", "2014-07-01", "2014-07-01", "2014-11-01", "None"]


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("2014-03", "2014-03"),
        ("2014-Q1", "2014-Q1 2014-01 2014-02 2014-03"),
        ("2014-H2", "2014-H2 2014-Q3 2014-Q4 2014-07 2014-08 2014-09 2014-10 2014-11 2014-12"),
        ("2014-Q5", ""),
        ("一季度", ""),
    ],
)
def test_period_holds_the_shorter_ones(name: str, within: str) -> None:
    assert [period.name for period in periods_within(name)] == within.split()


def test_year_holds_its_halves_quarters_and_months() -> None:
    periods = periods_within("2014")
    assert len(periods) == 1 + 2 + 4 + 12
    assert {period.end for period in periods[:3]} == {date(2014, 12, 31), date(2014, 6, 30)}
