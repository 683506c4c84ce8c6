"""Columns of cells to values, states and problems."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ingestion.cells import State
from ingestion.forms import Forms
from ingestion.values import read_column
from ingestion.workbook import Cell, ErrorValue


def read(forms: Forms, field: str, *cells: Cell, unit: str | None = None) -> list[object]:
    """Every cell as its value, its state where it has none, or the code of its problem."""
    form, _, name = field.partition(".")
    result = read_column(forms.by_name[form].by_name[name], cells, unit)
    problems = {problem.index: problem.code for problem in result.problems}
    return [
        problems.get(index, value if value is not None else result.states.get(index, State.MISSING))
        for index, value in enumerate(result.values)
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (1.5, 15_000),
        (2, 20_000),
        ("1.5", 15_000),
        ("１．５", 15_000),
        (" 1 . 5 ", 15_000),
        ("1.50", 15_000),
        ("+1.5", 15_000),
        (0.0, 0),
        ("0", 0),
        ("无", State.NIL),
        ("—", State.NIL),
        ("——", State.NIL),
        ("/", State.NIL),
        ("", State.MISSING),
        ("\u3000", State.MISSING),
        ("1.5万元", "value_unit_in_cell"),
        ("15000元", "value_unit_in_cell"),
        ("约1.5", "value_approximate"),
        ("1.5左右", "value_approximate"),
        ("１百", "value_not_number"),
        ("1.5.2", "value_not_number"),
        ("1,50", "value_not_number"),
        ("待定", "value_not_number"),
        ("35%", "value_not_number"),
        ("1.5公里", "value_not_number"),
        (True, "value_not_number"),
        (date(2014, 3, 1), "value_not_number"),
        (float("inf"), "value_not_number"),
        (float("nan"), "value_not_number"),
        (ErrorValue("#REF!"), "value_error_cell"),
        ("#N/A", "value_error_cell"),
        (-0.1, "value_out_of_range"),
        (61.0, "value_out_of_range"),
        (53_200.0, "unit_suspect"),
    ],
)
def test_money(forms: Forms, cell: Cell, value: object) -> None:
    assert read(forms, "operating_funding.other_subsidy", cell, 1.0) == [value, 10_000]


def test_money_in_the_unit_the_sheet_states(forms: Forms) -> None:
    assert read(forms, "operating_funding.other_subsidy", 1500.0, "1,200", "0.3万元", unit="元") == [
        1_500,
        1_200,
        "value_unit_in_cell",
    ]
    column = forms.by_name["operating_funding"].by_name["other_subsidy"]
    assert read_column(column, ["0.3万元", 100.0], "元").values == [3_000, 100]
    assert read_column(column, ["3000元", 0.1], "万元").values == [3_000, 1_000]


@pytest.mark.parametrize(
    ("cell", "value"),
    [(5.0, 5), ("5", 5), ("5人", "value_unit_in_cell"), (2.5, "value_not_whole"), (601.0, "value_out_of_range")],
)
def test_count(forms: Forms, cell: Cell, value: object) -> None:
    assert read(forms, "membership.members", cell, 7.0) == [value, 7]


def test_required_cell_that_is_empty_is_a_problem(forms: Forms) -> None:
    assert read(forms, "membership.members", "", 7.0) == ["value_missing", 7]
    assert read(forms, "membership.members", "无", 7.0) == [State.NIL, 7]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (datetime(2014, 3, 5), date(2014, 3, 5)),
        (date(2014, 3, 5), date(2014, 3, 5)),
        ("2014-03-05", date(2014, 3, 5)),
        ("2014/3/5", date(2014, 3, 5)),
        ("2014.3.5", date(2014, 3, 5)),
        ("2014年3月5日", date(2014, 3, 5)),
        ("20140305", date(2014, 3, 5)),
        (20140305.0, date(2014, 3, 5)),
        (41703.0, date(2014, 3, 5)),
        ("2014年3月", date(2014, 3, 1)),
        ("2014.3", date(2014, 3, 1)),
        (2014.3, date(2014, 3, 1)),
        (201403.0, date(2014, 3, 1)),
        ("2014-03-05 00:00:00", date(2014, 3, 5)),
        (2014.1, "value_not_date"),  # January or October
        ("2014.2.30", "value_not_date"),
        ("三月", "value_not_date"),
        (5.0, "value_not_date"),
        ("", State.NIL),
    ],
)
def test_date(forms: Forms, cell: Cell, value: object) -> None:
    assert read(forms, "leadership.secretary_vacant_since", cell) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (1998.0, 1998),
        ("1998", 1998),
        ("1998年", 1998),
        (datetime(1998, 5, 1), 1998),
        ("九十年代", "value_not_year"),
        (datetime(1905, 7, 6), "value_out_of_range"),  # 2014 typed into a cell that is formatted as a date
        (98.0, "value_not_year"),
        ("无", State.NIL),
    ],
)
def test_year(forms: Forms, cell: Cell, value: object) -> None:
    assert read(forms, "drinking_water.pipeline_year", cell) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((text, True) for text in ("是", "有", "√", "Y", "yes", "1", 1.0, True, " 是 ")),
        *((text, False) for text in ("否", "无", "×", "N", "no", "0", 0.0, False, "没有")),
        ("—", State.NIL),
        ("待定", "value_not_flag"),
        (2.0, "value_not_flag"),
    ],
)
def test_flag(forms: Forms, cell: Cell, value: object) -> None:
    assert read(forms, "venue.has_venue", cell) == [value]


def test_choice(forms: Forms) -> None:
    cells = ("完好", "良 好", "危房", "不详", "", "无", 1.0)
    assert read(forms, "venue.condition", *cells) == [
        "sound",
        "sound",
        "dangerous",
        "value_not_choice",
        State.NIL,
        State.NIL,
        "value_not_choice",
    ]


@pytest.mark.parametrize(
    ("cell", "value"), [(" 水利局 ", "水利局"), ("无", State.NIL), ("—", State.NIL), ("", State.NIL)]
)
def test_text(forms: Forms, cell: Cell, value: object) -> None:
    assert read(forms, "rectification.paired_unit", cell) == [value]


def test_none_can_be_a_choice_of_its_own(forms: Forms) -> None:
    assert read(forms, "venue.plan", "无", "新建", "—", "") == ["none", "new_build", State.NIL, State.MISSING]


def test_choices(forms: Forms) -> None:
    cells = ("无场所；长期不发展党员", "治安问题和信访矛盾集中", "班子不团结和服务意识差", "无场所、其他")
    assert read(forms, "rectification.weak_types", *cells) == [
        "no_venue|no_recruitment",
        "public_order_petitions",
        "team_discord|weak_service",
        "value_not_choice",
    ]


def test_true_and_one_are_told_apart_where_it_matters(forms: Forms) -> None:
    assert read(forms, "membership.applicants", 1.0, True, 1) == [1, "value_not_number", 1]


@pytest.mark.parametrize(
    ("field", "cells", "found"),
    [
        ("operating_funding.other_subsidy", (1.5, "", " ", 2.0), [15_000, State.MISSING, State.MISSING, 20_000]),
        ("operating_funding.fiscal_transfer", (1.5, "", 2.0), [15_000, "value_missing", 20_000]),
        ("operating_funding.other_subsidy", (1e9, "", 2.0), ["value_out_of_range", State.MISSING, 20_000]),
        ("services.service_stations", (1.0, "", 2.0), [1, State.NIL, 2]),
        ("services.service_stations", (1.5, "", 2.0), ["value_not_whole", State.NIL, 2]),
        ("contact_visits.leader_visits", ("", 2.0, ""), [State.EXEMPT, 2, State.EXEMPT]),
    ],
)
def test_figures_with_gaps_are_what_they_are_without(
    forms: Forms, field: str, cells: tuple[Cell, ...], found: list[object]
) -> None:
    assert read(forms, field, *cells) == found


def test_column_with_gaps_mostly_in_yuan_is_refused_as_a_whole(forms: Forms) -> None:
    column = forms.by_name["operating_funding"].by_name["other_subsidy"]
    result = read_column(column, (46_800.0, "", 47_300.0))
    assert (result.values, result.suspected_unit, result.total) == ([None, None, None], "元", 94_100.0)


def test_column_mostly_in_yuan_is_refused_as_a_whole(forms: Forms) -> None:
    column = forms.by_name["operating_funding"].by_name["fiscal_transfer"]
    result = read_column(column, [46_800.0, 0.0, 47_300.0, 7.5])
    assert (result.values, result.suspected_unit, result.problems) == ([None, 0, None, None], "元", ())


def test_column_of_small_sums_in_yuan_is_believed_when_they_are_whole(forms: Forms) -> None:
    column = forms.by_name["operating_funding"].by_name["other_subsidy"]
    assert read_column(column, [300.0, 200.0, 500.0], "元").values == [300, 200, 500]


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), -float("inf"), 1e308])
def test_number_that_no_sheet_should_hold_is_refused_wherever_it_stands(forms: Forms, cell: float) -> None:
    column = forms.by_name["operating_funding"].by_name["other_subsidy"]
    for cells in ([cell, 1.0, 2.0], [1.0, cell, 2.0], [1.0, 2.0, cell], [cell, cell], ["x", cell]):
        expected = [10_000 * number if number in (1.0, 2.0) else None for number in cells]  # type: ignore[operator]
        assert read_column(column, cells).values == expected


def test_total_counts_every_figure_even_a_refused_one(forms: Forms) -> None:
    column = forms.by_name["operating_funding"].by_name["other_subsidy"]
    assert read_column(column, [1.5, "约0.5", "3000元", "x", "", 61.0]).total == pytest.approx(63.3)
