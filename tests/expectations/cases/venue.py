"""Cases of the rules about venues."""

from __future__ import annotations

from datetime import date

from tests.expectations.cases.rows import QUARTERS, WAN, Case, Row, peers, row, series

NO_VENUE = {"has_venue": False, "floor_area_m2": None, "built_year": None, "condition": None, "service_rooms": None}


def new_building(completed_on: date) -> list[Row]:
    """A venue ten times as large from the second quarter of 2014 on."""
    small = [row("venue", period) for period in ("2013-Q3", "2013-Q4", "2014-Q1")]
    large = [row("venue", period, floor_area_m2=2000.0, completed_on=completed_on) for period in ("2014-Q2", "2014-Q3")]
    return small + large


VENUES: dict[str, Case] = {
    "built_next_year": (
        [row("venue", "2014-Q2", built_year=2015)],
        {("venue_built_in_future", "2014-Q2", "built_year")},
    ),
    "completed_next_month": (
        [row("venue", "2014-Q2", completed_on=date(2014, 7, 1))],
        {("venue_completed_in_future", "2014-Q2", "completed_on")},
    ),
    "built_this_year_and_completed_today": (
        [row("venue", "2014-Q2", built_year=2014, completed_on=date(2014, 6, 30))],
        set(),
    ),
    "no_venue": ([row("venue", "2014-Q2", **NO_VENUE)], set()),
    "area_of_no_venue": (
        [row("venue", "2014-Q2", **{**NO_VENUE, "floor_area_m2": 80.0, "condition": "sound"})],
        {
            ("venue_absent_but_described", "2014-Q2", "floor_area_m2"),
            ("venue_absent_but_described", "2014-Q2", "condition"),
        },
    ),
    "rooms_of_no_venue": (
        [row("venue", "2014-Q2", **{**NO_VENUE, "service_rooms": 2, "built_year": 1999})],
        {
            ("venue_absent_but_described", "2014-Q2", "service_rooms"),
            ("venue_absent_but_described", "2014-Q2", "built_year"),
        },
    ),
    "no_area_of_no_venue": ([row("venue", "2014-Q2", **{**NO_VENUE, "floor_area_m2": 0.0})], set()),
    "venue_without_area": (
        [row("venue", "2014-Q2", nil=("floor_area_m2",))],
        {("venue_without_area", "2014-Q2", "floor_area_m2")},
    ),
    "venue_in_a_condition_that_nobody_can_read": ([row("venue", "2014-Q2", unread=("condition",))], set()),
    "venue_without_condition": (
        [row("venue", "2014-Q2", nil=("condition",))],
        {("venue_without_condition", "2014-Q2", "condition")},
    ),
    "gap_is_not_the_difference": (
        [row("venue", "2014-Q2", funding_gap=12 * WAN)],
        {("venue_gap_not_budget_less_secured", "2014-Q2", "funding_gap")},
    ),
    "no_gap_left_empty": (
        [row("venue", "2014-Q2", funds_secured=20 * WAN, nil=("funding_gap",))],
        set(),
    ),
    "more_secured_than_budgeted": (
        [row("venue", "2014-Q2", funds_secured=21 * WAN, nil=("funding_gap",))],
        {("venue_secured_above_budget", "2014-Q2", "funds_secured")},
    ),
    "budget_of_no_plan": (
        [row("venue", "2014-Q2", plan="none", nil=("planned_area_m2",))],
        {("venue_unplanned_but_budgeted", "2014-Q2", "budget")},
    ),
    "area_of_no_plan": (
        [row("venue", "2014-Q2", plan="none", nil=("budget", "funds_secured", "funding_gap"))],
        {("venue_unplanned_but_measured", "2014-Q2", "planned_area_m2")},
    ),
    "plan_without_budget": (
        [row("venue", "2014-Q2", nil=("budget", "funds_secured", "funding_gap"))],
        {("venue_planned_without_budget", "2014-Q2", "budget")},
    ),
    "venue_disappears": (
        [row("venue", "2014-Q1"), row("venue", "2014-Q2", **NO_VENUE), row("venue", "2014-Q3")],
        {("venue_disappears", "2014-Q2", "has_venue")},
    ),
    "venue_is_built": ([row("venue", "2014-Q1", **NO_VENUE), row("venue", "2014-Q2")], set()),
    "area_jumps": (
        series("venue", "floor_area_m2", QUARTERS, [200.0, 200.0, 2000.0, 200.0]),
        {("venue_area_jumps", "2014-Q2", "floor_area_m2")},
    ),
    "area_of_a_building_completed_in_the_quarter": (new_building(date(2014, 4, 1)), set()),
    "area_of_a_building_completed_before": (
        new_building(date(2014, 3, 31)),
        {("venue_area_jumps", "2014-Q2", "floor_area_m2")},
    ),
    "debt_of_building_jumps": (
        series("venue", "construction_debt", QUARTERS, [10 * WAN, 10 * WAN, 100 * WAN, 10 * WAN]),
        {("venue_money_jumps", "2014-Q2", "construction_debt")},
    ),
    "area_far_from_peers": (
        [row("venue", "2014-Q2", floor_area_m2=1500.0), *peers("venue", "2014-Q2")],
        {("venue_area_far_from_peers", "2014-Q2", "floor_area_m2")},
    ),
    "venue_of_a_branch_listed_for_having_none": (
        [row("venue", "2014-Q2"), row("rectification", "2014-06")],
        {("venue_despite_ledger", "2014-Q2", "has_venue")},
    ),
    "venue_of_a_branch_accepted_since": (
        [row("venue", "2014-Q2"), row("rectification", "2014-06", accepted_on=date(2014, 6, 20))],
        set(),
    ),
    "no_venue_of_a_branch_listed_for_others": (
        [row("venue", "2014-Q2", **NO_VENUE), row("rectification", "2014-06", weak_types="weak_service")],
        {("venue_none_but_listed_for_others", "2014-Q2", "has_venue")},
    ),
    "no_venue_of_a_branch_listed_for_that": (
        [row("venue", "2014-Q2", **NO_VENUE), row("rectification", "2014-06")],
        set(),
    ),
}
