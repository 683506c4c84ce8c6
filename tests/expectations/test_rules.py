"""Every rule fires on the row that breaks it, at the field it names, and stays quiet on its neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from expectations.suites import Kind, load_checks
from ingestion.forms import load_forms

if TYPE_CHECKING:
    from conftest import Build

from pathlib import Path

SUITES = Path(__file__).resolve().parents[2] / "expectations" / "suites"
WAN = 10_000
HONEST: dict[str, dict[str, Any]] = {
    "operating_funding": {
        "fiscal_transfer": 4 * WAN,
        "party_work_subsidy": 1 * WAN,
        "other_subsidy": 0,
        "collective_income": 1 * WAN,
        "total": 6 * WAN,
        "operating_spend": 3 * WAN,
        "staff_pay": 2 * WAN,
        "debt_balance": 8 * WAN,
    },
    "membership": {
        "members": 40,
        "members_over_60": 15,
        "members_under_35": 3,
        "members_female": 8,
        "applicants": 6,
        "activists": 3,
        "recruited": 1,
        "reserve_cadres": 2,
    },
    "drinking_water": {
        "hamlets": 6,
        "hamlets_short": 1,
        "hamlets_unsafe": 1,
        "households_affected": 80,
        "pipeline_year": 1998,
        "project_planned": True,
        "investment_planned": 10 * WAN,
    },
    "village_roads": {
        "road_km": 20.0,
        "unpaved_km": 4.0,
        "hamlets_unconnected": 1,
        "bridges_needed": 1,
        "investment_needed": 120 * WAN,
    },
    "venue": {
        "has_venue": True,
        "floor_area_m2": 200.0,
        "built_year": 2001,
        "condition": "sound",
        "service_rooms": 5,
        "plan": "extension",
        "planned_area_m2": 240.0,
        "budget": 20 * WAN,
        "funds_secured": 15 * WAN,
        "funding_gap": 5 * WAN,
        "construction_debt": 10 * WAN,
        "completed_on": date(2013, 3, 1),
    },
    "leadership": {
        "posts": 5,
        "filled": 5,
        "secretary_vacant": False,
        "secretary_origin": "elected",
        "director_vacant": False,
        "team_adjusted": False,
        "secretary_adjusted": 0,
        "director_adjusted": 0,
        "other_members_adjusted": 0,
    },
    "rectification": {
        "listed_on": date(2014, 1, 10),
        "weak_types": "no_venue|weak_service",
        "plan_due_on": date(2014, 12, 31),
    },
    "organisation_life": {
        "branch_meetings": 1,
        "committee_meetings": 1,
        "group_meetings": 3,
        "lectures": 1,
        "theme_days": 0,
        "resolutions": 2,
        "resolutions_full_process": 2,
        "affairs_disclosures": 1,
        "finance_disclosures": 1,
    },
    "contact_visits": {
        "leader_visits": 2,
        "first_secretary_days": 20,
        "problems_raised": 4,
        "problems_solved": 3,
        "households_visited": 40,
    },
    "training": {"sessions": 4, "secretary_person_times": 40, "cadre_person_times": 120},
    "assessment": {"village_class": "general", "score": 80.0, "stars": "3"},
    "support_outcomes": {
        "road_built_km": 1.5,
        "households_driven": 20,
        "income_increase": 3 * WAN,
        "households_given_medical_aid": 2,
        "medical_aid": 1 * WAN,
    },
    "services": {"services_delivered": 4, "volunteer_teams": 1, "volunteer_events": 3},
}
VACANT = {"filled": 4, "secretary_vacant": True, "secretary_origin": None, "secretary_vacant_since": date(2014, 5, 1)}
NO_VENUE = {"has_venue": False, "floor_area_m2": None, "built_year": None, "condition": None, "service_rooms": None}


@dataclass(frozen=True)
class Row:
    """An honest row of a return, but for what is named; of the first branch of the case's township."""

    form: str
    period: str
    values: dict[str, Any]
    nil: tuple[str, ...] = ()
    branch: int = 0
    exempt: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def row(
    form: str,
    period: str,
    *,
    nil: tuple[str, ...] = (),
    exempt: tuple[str, ...] = (),
    unread: tuple[str, ...] = (),
    branch: int = 0,
    **values: Any,
) -> Row:
    blank = dict.fromkeys((*nil, *exempt, *unread))
    return Row(form, period, {**HONEST[form], **blank, **values}, nil, branch, exempt, unread)


def series(form: str, name: str, periods: str, numbers: list[Any]) -> list[Row]:
    return [row(form, period, **{name: number}) for period, number in zip(periods.split(), numbers, strict=True)]


def peers(form: str, period: str, count: int = 12, **values: Any) -> list[Row]:
    """Honest neighbours of the first branch."""
    return [row(form, period, branch=number, **values) for number in range(1, count)]


def new_building(completed_on: date) -> list[Row]:
    """A venue ten times as large from the second quarter of 2014 on."""
    small = [row("venue", period) for period in ("2013-Q3", "2013-Q4", "2014-Q1")]
    large = [row("venue", period, floor_area_m2=2000.0, completed_on=completed_on) for period in ("2014-Q2", "2014-Q3")]
    return small + large


QUARTERS = "2013-Q4 2014-Q1 2014-Q2 2014-Q3"
HALVES = "2013-H1 2013-H2 2014-H1 2014-H2"
MONTHS = "2014-05 2014-06 2014-07 2014-08"

# name → rows, and what must be found in them: (rule, period, field) of the first branch.
CASES: dict[str, tuple[list[Row], set[tuple[str, str, str]]]] = {
    **{
        f"honest_{form}": ([row(form, period)], set())
        for form, period in (
            ("operating_funding", "2014-Q2"),
            ("membership", "2014-Q2"),
            ("drinking_water", "2014-H1"),
            ("village_roads", "2014-H1"),
            ("venue", "2014-Q2"),
            ("leadership", "2014-06"),
            ("rectification", "2014-06"),
            ("organisation_life", "2014-06"),
            ("contact_visits", "2014-06"),
            ("assessment", "2014"),
            ("training", "2014-Q2"),
            ("support_outcomes", "2014-Q2"),
            ("services", "2014-Q2"),
        )
    },
    # ---- operating funding ----
    "total_is_more": (
        [row("operating_funding", "2014-Q2", total=8 * WAN)],
        {("funding_total_not_sum_of_kinds", "2014-Q2", "total")},
    ),
    "total_is_less": (
        [row("operating_funding", "2014-Q2", total=5 * WAN)],
        {("funding_total_not_sum_of_kinds", "2014-Q2", "total")},
    ),
    "a_kind_is_nil": ([row("operating_funding", "2014-Q2", nil=("other_subsidy",))], set()),
    "a_kind_is_missing": ([row("operating_funding", "2014-Q2", other_subsidy=None, total=7 * WAN)], set()),
    "a_kind_is_missing_and_the_rest_is_the_total": ([row("operating_funding", "2014-Q2", other_subsidy=None)], set()),
    "a_kind_is_missing_and_the_rest_too_much": (
        [row("operating_funding", "2014-Q2", other_subsidy=None, total=5 * WAN)],
        {("funding_kinds_above_total", "2014-Q2", "total")},
    ),
    "more_spent_than_received": (
        [row("operating_funding", "2014-Q2", operating_spend=5 * WAN)],
        {("funding_spent_above_received", "2014-Q2", "operating_spend")},
    ),
    "cumulative_falls": (
        [
            row("operating_funding", "2014-Q1"),
            row("operating_funding", "2014-Q2", fiscal_transfer=3 * WAN, total=5 * WAN),
            row("operating_funding", "2014-Q3"),
        ],
        {("funding_cumulative_falls", "2014-Q2", "fiscal_transfer")},
    ),
    "cumulative_begins_anew": (series("operating_funding", "staff_pay", "2013-Q4 2014-Q1", [2 * WAN, WAN // 2]), set()),
    "debt_ten_times": (
        series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 80 * WAN, 8 * WAN]),
        {("funding_debt_jumps", "2014-Q2", "debt_balance")},
    ),
    "debt_eight_times": (
        series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 64 * WAN, 8 * WAN]),
        {("funding_debt_jumps", "2014-Q2", "debt_balance")},
    ),
    "debt_a_tenth": (
        series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 8 * WAN, 8 * WAN // 10]),
        {("funding_debt_jumps", "2014-Q3", "debt_balance")},
    ),
    "debt_ten_times_at_first": (
        series("operating_funding", "debt_balance", QUARTERS, [80 * WAN, 8 * WAN, 8 * WAN, 8 * WAN]),
        {("funding_debt_jumps", "2013-Q4", "debt_balance")},
    ),
    "debt_stays_ten_times": (
        series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 80 * WAN, 80 * WAN]),
        {("funding_debt_jumps", "2014-Q2", "debt_balance")},
    ),
    "debt_right_again_and_lower_than_before": (
        series("operating_funding", "debt_balance", QUARTERS, [80 * WAN, 90 * WAN, 500 * WAN, 60 * WAN]),
        set(),
    ),
    "debt_ten_times_of_two_reports": (
        series("operating_funding", "debt_balance", "2014-Q1 2014-Q2", [8 * WAN, 80 * WAN]),
        {("funding_debt_jumps", "2014-Q2", "debt_balance")},
    ),
    "debt_paid_off": (series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 0, 0]), set()),
    "small_debt_jumps": (series("operating_funding", "debt_balance", QUARTERS, [1000, 1000, 10_000, 1000]), set()),
    "spending_ten_times_last_year": (
        series("operating_funding", "operating_spend", "2013-Q2 2014-Q2", [3000, 3 * WAN]),
        {("funding_leaps_against_last_year", "2014-Q2", "operating_spend")},
    ),
    "spending_doubles_on_last_year": (
        series("operating_funding", "operating_spend", "2013-Q2 2014-Q2", [15_000, 3 * WAN]),
        set(),
    ),
    "little_spending_ten_times_last_year": (
        series("operating_funding", "operating_spend", "2013-Q2 2014-Q2", [1500, 16_000]),
        set(),
    ),
    "transfer_far_from_peers": (
        [
            row("operating_funding", "2014-Q2", fiscal_transfer=40 * WAN, total=42 * WAN),
            *peers("operating_funding", "2014-Q2"),
        ],
        {("funding_transfer_far_from_peers", "2014-Q2", "fiscal_transfer")},
    ),
    "transfer_far_from_few_peers": (
        [
            row("operating_funding", "2014-Q2", fiscal_transfer=40 * WAN, total=42 * WAN),
            *peers("operating_funding", "2014-Q2", 9),
        ],
        set(),
    ),
    # ---- membership ----
    "two_members": (
        [row("membership", "2014-Q2", members=2, members_over_60=1, members_under_35=0, members_female=0)],
        {("members_fewer_than_three", "2014-Q2", "members")},
    ),
    "three_members": (
        [row("membership", "2014-Q2", members=3, members_over_60=1, members_under_35=0, members_female=0)],
        set(),
    ),
    "all_are_old": ([row("membership", "2014-Q2", members_over_60=40, members_under_35=0)], set()),
    "all_are_women": ([row("membership", "2014-Q2", members_female=40)], set()),
    "all_applicants_are_activists": ([row("membership", "2014-Q2", activists=6)], set()),
    "all_were_recruited": (
        [row("membership", "2014-Q2", members=3, members_over_60=0, members_female=0, recruited=3)],
        set(),
    ),
    "more_old_than_all": (
        [row("membership", "2014-Q2", members_over_60=41)],
        {("members_part_above_whole", "2014-Q2", "members_over_60")},
    ),
    "more_women_than_all": (
        [row("membership", "2014-Q2", members_female=41)],
        {("members_part_above_whole", "2014-Q2", "members_female")},
    ),
    "old_and_young_are_more_than_all": (
        [row("membership", "2014-Q2", members_under_35=26)],
        {("members_age_groups_above_members", "2014-Q2", "members_under_35")},
    ),
    "old_and_young_are_all": ([row("membership", "2014-Q2", members_under_35=25)], set()),
    "more_activists_than_applicants": (
        [row("membership", "2014-Q2", activists=7)],
        {("members_activists_above_applicants", "2014-Q2", "activists")},
    ),
    "more_recruits_than_members": (
        [row("membership", "2014-Q2", recruited=41)],
        {("members_recruited_above_members", "2014-Q2", "recruited")},
    ),
    "recruits_fall": (
        series("membership", "recruited", "2014-Q1 2014-Q2 2014-Q3", [1, 0, 1]),
        {("members_recruited_falls", "2014-Q2", "recruited")},
    ),
    "recruits_begin_anew": (series("membership", "recruited", "2013-Q4 2014-Q1", [2, 0]), set()),
    "members_halve_for_a_quarter": (
        series("membership", "members", QUARTERS, [80, 82, 30, 83]),
        {("members_jump", "2014-Q2", "members")},
    ),
    "members_double_for_a_quarter": (
        series("membership", "members", QUARTERS, [40, 40, 80, 40]),
        {("members_jump", "2014-Q2", "members")},
    ),
    "small_branch_doubles": (series("membership", "members", "2013-Q4 2014-Q1", [18, 27]), set()),
    "recruits_far_from_peers": (
        [row("membership", "2014-Q2", recruited=25), *peers("membership", "2014-Q2")],
        {("members_recruited_far_from_peers", "2014-Q2", "recruited")},
    ),
    "one_recruit_more_than_peers": (
        [row("membership", "2014-Q2", recruited=4), *peers("membership", "2014-Q2")],
        set(),
    ),
    # ---- drinking water ----
    "pipes_of_next_year": (
        [row("drinking_water", "2014-H1", pipeline_year=2015)],
        {("water_pipeline_year_in_future", "2014-H1", "pipeline_year")},
    ),
    "pipes_of_next_year_for_once": (
        series("drinking_water", "pipeline_year", HALVES, [1998, 2016, 1998, 1998]),
        {("water_pipeline_year_in_future", "2013-H2", "pipeline_year")},
    ),
    "pipes_of_this_year": (series("drinking_water", "pipeline_year", HALVES, [1998, 1998, 1998, 2014]), set()),
    "more_hamlets_short_than_all": (
        [row("drinking_water", "2014-H1", hamlets_short=6)],
        {("water_hamlets_in_gap_above_hamlets", "2014-H1", "hamlets_short")},
    ),
    "every_hamlet_is_short_or_unsafe": ([row("drinking_water", "2014-H1", hamlets_short=5)], set()),
    "every_household_of_the_register_is_affected": ([row("drinking_water", "2014-H1", households_affected=300)], set()),
    "households_without_hamlets": (
        [row("drinking_water", "2014-H1", hamlets_short=0, hamlets_unsafe=0)],
        {("water_households_without_hamlets", "2014-H1", "households_affected")},
    ),
    "hamlets_without_households": (
        [row("drinking_water", "2014-H1", households_affected=0)],
        {("water_hamlets_without_households", "2014-H1", "households_affected")},
    ),
    "investment_in_no_plan": (
        [row("drinking_water", "2014-H1", project_planned=False)],
        {("water_investment_unplanned", "2014-H1", "investment_planned")},
    ),
    "no_plan_no_investment": (
        [row("drinking_water", "2014-H1", project_planned=False, nil=("investment_planned",))],
        set(),
    ),
    "more_households_than_in_the_register": (  # which has 300
        [row("drinking_water", "2014-H1", households_affected=301)],
        {("water_households_above_register", "2014-H1", "households_affected")},
    ),
    "a_hamlet_more_for_once": (
        series("drinking_water", "hamlets", HALVES, [6, 6, 7, 6]),
        {("water_hamlets_change", "2014-H1", "hamlets")},
    ),
    "a_hamlet_more_for_good": (
        series("drinking_water", "hamlets", HALVES, [6, 6, 7, 7]),
        {("water_hamlets_change", "2014-H1", "hamlets")},
    ),
    "pipes_grow_older": (
        series("drinking_water", "pipeline_year", "2013-H1 2013-H2", [1998, 1989]),
        {("water_pipeline_grows_older", "2013-H2", "pipeline_year")},
    ),
    "households_jump": (
        series("drinking_water", "households_affected", HALVES, [20, 22, 220, 21]),
        {("water_households_jump", "2014-H1", "households_affected")},
    ),
    # ---- roads ----
    "more_unpaved_than_road": (
        [row("village_roads", "2014-H1", unpaved_km=20.5)],
        {("roads_unpaved_above_length", "2014-H1", "unpaved_km")},
    ),
    "money_for_nothing": (
        [row("village_roads", "2014-H1", unpaved_km=0.0, hamlets_unconnected=0, nil=("bridges_needed",))],
        {("roads_investment_without_need", "2014-H1", "investment_needed")},
    ),
    "money_for_a_bridge": ([row("village_roads", "2014-H1", unpaved_km=0.0, hamlets_unconnected=0)], set()),
    "nothing_is_paved": ([row("village_roads", "2014-H1", unpaved_km=20.0)], set()),
    "no_hamlet_is_connected": (
        [row("village_roads", "2014-H1", hamlets_unconnected=6), row("drinking_water", "2014-H1")],
        set(),
    ),
    "more_unconnected_than_hamlets": (
        [row("village_roads", "2014-H1", hamlets_unconnected=7), row("drinking_water", "2014-H1")],
        {("roads_unconnected_above_hamlets", "2014-H1", "hamlets_unconnected")},
    ),
    "road_in_metres": (
        series("village_roads", "road_km", HALVES, [20.0, 20.0, 120.0, 20.0]),
        {("roads_length_jumps", "2014-H1", "road_km")},
    ),
    "roads_are_paved": (series("village_roads", "unpaved_km", HALVES, [12.0, 12.0, 4.0, 1.0]), set()),
    "money_for_roads_jumps": (
        series("village_roads", "investment_needed", HALVES, [120 * WAN, 120 * WAN, 1200 * WAN, 120 * WAN]),
        {("roads_investment_jumps", "2014-H1", "investment_needed")},
    ),
    "a_kilometre_far_from_peers": (
        [row("village_roads", "2014-H1", investment_needed=1200 * WAN), *peers("village_roads", "2014-H1")],
        {("roads_cost_far_from_peers", "2014-H1", "investment_needed")},
    ),
    # ---- venue ----
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
    # ---- leadership ----
    "vacant": ([row("leadership", "2014-06", **VACANT)], set()),
    "vacant_from_next_month": (
        [row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": date(2014, 7, 1)})],
        {("team_vacant_since_in_future", "2014-06", "secretary_vacant_since")},
    ),
    "vacant_since_the_last_day": (
        [row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": date(2014, 6, 30)})],
        set(),
    ),
    "more_filled_than_posts": (
        [row("leadership", "2014-06", filled=6)],
        {("team_filled_above_posts", "2014-06", "filled")},
    ),
    "vacant_but_full": (
        [row("leadership", "2014-06", **{**VACANT, "filled": 5})],
        {("team_vacant_but_full", "2014-06", "filled")},
    ),
    "director_vacant_but_full": (
        [row("leadership", "2014-06", director_vacant=True)],
        {("team_vacant_but_full", "2014-06", "filled")},
    ),
    "vacant_but_headed": (
        [row("leadership", "2014-06", **{**VACANT, "secretary_origin": "dispatched"})],
        {("team_vacant_but_headed", "2014-06", "secretary_origin")},
    ),
    "vacant_without_since": (
        [row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": None})],
        {("team_vacant_without_since", "2014-06", "secretary_vacant_since")},
    ),
    "vacant_since_what_nobody_can_read": (
        [
            row(
                "leadership",
                "2014-06",
                unread=("secretary_vacant_since",),
                **{**VACANT, "secretary_vacant_since": None},
            )
        ],
        set(),
    ),
    "origin_that_nobody_can_read": (
        [row("leadership", "2014-06", unread=("secretary_origin",), **{**VACANT, "secretary_origin": None})],
        set(),
    ),
    "since_without_vacancy": (
        [row("leadership", "2014-06", secretary_vacant_since=date(2014, 5, 1))],
        {("team_since_without_vacancy", "2014-06", "secretary_vacant_since")},
    ),
    "replaced_but_not_adjusted": (
        [row("leadership", "2014-06", secretary_adjusted=1)],
        {("team_adjusted_unsaid", "2014-06", "team_adjusted")},
    ),
    "adjusted_but_nobody_replaced": (
        [row("leadership", "2014-06", team_adjusted=True)],
        {("team_adjusted_nobody", "2014-06", "team_adjusted")},
    ),
    "adjusted_and_replaced": ([row("leadership", "2014-06", team_adjusted=True, other_members_adjusted=1)], set()),
    "vacant_since_before_last_in_office": (
        [row("leadership", "2014-05"), row("leadership", "2014-06", **VACANT)],
        {("team_vacant_before_last_in_office", "2014-06", "secretary_vacant_since")},
    ),
    "vacant_since_this_month": (
        [
            row("leadership", "2014-05"),
            row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": date(2014, 6, 1)}),
        ],
        set(),
    ),
    "beginning_of_a_vacancy_moves": (
        [
            row("leadership", "2014-05", **VACANT),
            row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": date(2014, 4, 1)}),
        ],
        {("team_vacant_since_moves", "2014-06", "secretary_vacant_since")},
    ),
    "posts_change": (
        series("leadership", "posts", MONTHS, [5, 5, 8, 5]),
        {("team_posts_change", "2014-07", "posts")},
    ),
    "posts_change_a_little": (series("leadership", "posts", MONTHS, [5, 5, 7, 7]), set()),
    # ---- rectification ----
    "listed_next_month": (
        [row("rectification", "2014-06", listed_on=date(2014, 7, 1))],
        {("ledger_date_in_future", "2014-06", "listed_on")},
    ),
    "everything_on_one_day": (
        [
            row(
                "rectification",
                "2014-06",
                **dict.fromkeys(("listed_on", "plan_due_on", "accepted_on", "delisted_on"), date(2014, 6, 30)),
            )
        ],
        set(),
    ),
    "due_before_listed": (
        [row("rectification", "2014-06", plan_due_on=date(2014, 1, 9))],
        {("ledger_date_before_listed", "2014-06", "plan_due_on")},
    ),
    "delisted_before_accepted": (
        [row("rectification", "2014-06", accepted_on=date(2014, 6, 20), delisted_on=date(2014, 6, 10))],
        {("ledger_delisted_before_accepted", "2014-06", "delisted_on")},
    ),
    "delisted_without_acceptance": (
        [row("rectification", "2014-06", delisted_on=date(2014, 6, 10))],
        {("ledger_delisted_unaccepted", "2014-06", "accepted_on")},
    ),
    "accepted_and_delisted": (
        [row("rectification", "2014-06", accepted_on=date(2014, 6, 10), delisted_on=date(2014, 6, 10))],
        set(),
    ),
    "day_of_listing_moves_for_once": (
        series("rectification", "listed_on", MONTHS, [date(2014, 1, day) for day in (10, 10, 20, 10)]),
        {("ledger_listed_on_moves", "2014-07", "listed_on")},
    ),
    "delisting_taken_back": (
        [
            row("rectification", "2014-05", accepted_on=date(2014, 5, 6), delisted_on=date(2014, 5, 10)),
            row("rectification", "2014-06"),
        ],
        {("ledger_delisting_taken_back", "2014-06", "delisted_on")},
    ),
    "listed_again": (
        [
            row("rectification", "2014-05", accepted_on=date(2014, 5, 6), delisted_on=date(2014, 5, 10)),
            row("rectification", "2014-06", listed_on=date(2014, 6, 3)),
        ],
        set(),
    ),
    # ---- organisation life ----
    "more_in_full_than_decided": (
        [row("organisation_life", "2014-06", resolutions_full_process=3)],
        {("life_full_process_above_resolutions", "2014-06", "resolutions_full_process")},
    ),
    "full_process_of_none": (
        [row("organisation_life", "2014-06", resolutions=0)],
        {("life_full_process_above_resolutions", "2014-06", "resolutions_full_process")},
    ),
    "nothing_decided": ([row("organisation_life", "2014-06", resolutions=0, resolutions_full_process=0)], set()),
    "village_says_nothing_of_disclosure": (
        [row("organisation_life", "2014-06", exempt=("affairs_disclosures", "resolutions"))],
        {
            ("life_village_left_empty", "2014-06", "affairs_disclosures"),
            ("life_village_left_empty", "2014-06", "resolutions"),
        },
    ),
    "village_makes_nothing_public": (
        [row("organisation_life", "2014-06", affairs_disclosures=0, nil=("finance_disclosures",))],
        set(),
    ),
    "meetings_since_january": (
        series("organisation_life", "committee_meetings", MONTHS, [1, 1, 7, 1]),
        {("life_meetings_jump", "2014-07", "committee_meetings")},
    ),
    "five_meetings_more": (series("organisation_life", "committee_meetings", MONTHS, [1, 1, 6, 1]), set()),
    "all_groups_meet_twice": (series("organisation_life", "group_meetings", MONTHS, [8, 8, 16, 8]), set()),
    "groups_meet_four_times": (
        series("organisation_life", "group_meetings", MONTHS, [3, 3, 12, 3]),
        {("life_meetings_jump", "2014-07", "group_meetings")},
    ),
    "groups_are_forgotten": (
        [
            row("organisation_life", "2014-05"),
            row("organisation_life", "2014-06", exempt=("group_meetings",)),
            row("organisation_life", "2014-07", exempt=("group_meetings",)),
        ],
        {("life_meetings_no_longer_said", "2014-06", "group_meetings")},
    ),
    "groups_do_not_meet": (series("organisation_life", "group_meetings", "2014-05 2014-06", [3, 0]), set()),
    "recruits_without_a_meeting": (
        [
            *series("organisation_life", "branch_meetings", "2014-04 2014-05 2014-06", [0, 0, 0]),
            *series("membership", "recruited", "2014-Q1 2014-Q2", [1, 2]),
        ],
        {("life_recruits_without_meeting", "2014-06", "branch_meetings")},
    ),
    "recruits_of_an_earlier_quarter": (
        [
            *series("organisation_life", "branch_meetings", "2014-04 2014-05 2014-06", [0, 0, 0]),
            *series("membership", "recruited", "2014-Q1 2014-Q2", [2, 2]),
        ],
        set(),
    ),
    "recruits_with_a_month_unknown": (
        [
            *series("organisation_life", "branch_meetings", "2014-04 2014-06", [0, 0]),
            *series("membership", "recruited", "2014-Q1 2014-Q2", [1, 2]),
        ],
        set(),
    ),
    # ---- contact visits ----
    "more_days_than_the_month_has": (
        [row("contact_visits", "2014-06", first_secretary_days=31)],
        {("visits_days_above_month", "2014-06", "first_secretary_days")},
    ),
    "every_day_of_the_month": ([row("contact_visits", "2014-06", first_secretary_days=30)], set()),
    "more_solved_than_raised": (
        [
            row("contact_visits", "2014-01", problems_solved=5),
            row("contact_visits", "2014-02"),
            row("rectification", "2014-01"),
            row("rectification", "2014-02"),
        ],
        {("visits_solved_above_raised", "2014-01", "problems_solved")},
    ),
    "all_that_was_raised_is_solved": (
        [
            row("contact_visits", "2014-01"),
            row("contact_visits", "2014-02", problems_solved=5),
            row("rectification", "2014-01"),
            row("rectification", "2014-02"),
        ],
        set(),
    ),
    "solved_after_a_month_that_nobody_sent": (
        [row("contact_visits", "2014-02", problems_solved=9), row("rectification", "2014-02")],
        set(),
    ),
    "more_households_visited_than_there_are": (
        [row("contact_visits", "2014-06", households_visited=301)],
        {("visits_households_above_register", "2014-06", "households_visited")},
    ),
    "every_household_visited": ([row("contact_visits", "2014-06", households_visited=300)], set()),
    "visits_to_a_branch_that_is_not_listed": (
        [row("contact_visits", "2014-06"), row("rectification", "2014-06", branch=1)],
        {("visits_branch_not_listed", "2014-06", "leader_visits")},
    ),
    "visits_without_any_ledger": (
        [row("contact_visits", "2014-06"), row("rectification", "2014-05", branch=1)],
        set(),
    ),
    "visits_since_january": (
        series("contact_visits", "leader_visits", MONTHS, [2, 2, 9, 2]),
        {("visits_leader_visits_jump", "2014-07", "leader_visits")},
    ),
    "six_visits_more": (series("contact_visits", "leader_visits", MONTHS, [2, 2, 8, 2]), set()),
    # ---- assessment ----
    "five_stars_for_the_lowest_score": (
        [
            row("assessment", "2014", score=60.0, stars="5"),
            *(row("assessment", "2014", branch=number) for number in range(1, 5)),
        ],
        {("assessment_stars_against_scores", "2014", "stars")},
    ),
    "one_star_for_the_highest_score": (
        [
            row("assessment", "2014", score=99.0, stars="1"),
            *(row("assessment", "2014", branch=number) for number in range(1, 5)),
        ],
        {("assessment_stars_against_scores", "2014", "stars")},
    ),
    "another_order_among_four": (
        [
            row("assessment", "2014", score=60.0, stars="5"),
            *(row("assessment", "2014", branch=number) for number in range(1, 4)),
        ],
        set(),
    ),
    "stars_of_the_other_year": (
        [
            row("assessment", "2013", score=60.0, stars="5"),
            *(row("assessment", "2014", branch=number) for number in range(1, 5)),
        ],
        set(),
    ),
    "four_stars_of_a_listed_branch": (
        [row("assessment", "2014", stars="4"), row("rectification", "2014-12")],
        {("assessment_stars_of_weak_branch", "2014", "stars")},
    ),
    "three_stars_of_a_listed_branch": ([row("assessment", "2014"), row("rectification", "2014-12")], set()),
    "four_stars_of_a_branch_delisted_in_time": (
        [
            row("assessment", "2014", stars="4"),
            row("rectification", "2014-12", accepted_on=date(2014, 12, 9), delisted_on=date(2014, 12, 30)),
        ],
        set(),
    ),
    # ---- training ----
    "fewer_secretaries_than_a_quarter_ago": (
        series("training", "secretary_person_times", "2014-Q1 2014-Q2 2014-Q3", [40, 39, 40]),
        {("training_falls", "2014-Q2", "secretary_person_times")},
    ),
    "training_starts_anew_in_january": (
        series("training", "cadre_person_times", "2013-Q4 2014-Q1 2014-Q2", [300, 60, 60]),
        set(),
    ),
    "people_without_a_session": (
        [row("training", "2014-Q2", sessions=0)],
        {("training_without_sessions", "2014-Q2", "sessions")},
    ),
    "sessions_of_another_township": (
        [row("training", "2014-Q2", sessions=0), row("training", "2014-Q2", branch=1)],
        set(),
    ),
    "no_training": ([row("training", "2014-Q2", sessions=0, secretary_person_times=0, cadre_person_times=0)], set()),
    "accepted_before_self_check": (
        [row("rectification", "2014-06", self_checked_on=date(2014, 6, 11), accepted_on=date(2014, 6, 10))],
        {("ledger_accepted_before_self_check", "2014-06", "accepted_on")},
    ),
    "accepted_on_the_day_of_the_self_check": (
        [row("rectification", "2014-06", self_checked_on=date(2014, 6, 10), accepted_on=date(2014, 6, 10))],
        set(),
    ),
    "self_check_after_the_plan_was_due": (
        [row("rectification", "2015-02", self_checked_on=date(2015, 1, 10))],
        set(),
    ),
    "more_measures_done_than_planned": (
        [row("rectification", "2014-06", measures=4, measures_done=5)],
        {("ledger_measures_done_above_plan", "2014-06", "measures_done")},
    ),
    "all_measures_done": ([row("rectification", "2014-06", measures=4, measures_done=4)], set()),
    "measures_done_fall": (
        series("rectification", "measures_done", MONTHS, [1, 3, 2, 4]),
        {("ledger_measures_done_fall", "2014-07", "measures_done")},
    ),
    "measures_begin_anew_with_a_new_listing": (
        [
            row(
                "rectification",
                "2014-05",
                measures_done=3,
                accepted_on=date(2014, 5, 6),
                delisted_on=date(2014, 5, 10),
            ),
            row("rectification", "2014-06", listed_on=date(2014, 6, 3), measures_done=0),
        ],
        set(),
    ),
    "under_way_though_accepted": (
        [row("rectification", "2014-06", accepted_on=date(2014, 6, 10), status="improved")],
        {("ledger_status_unlike_dates", "2014-06", "status")},
    ),
    "accepted_without_a_day": (
        [row("rectification", "2014-06", status="accepted")],
        {("ledger_status_unlike_dates", "2014-06", "status")},
    ),
    "delisted_without_a_day": (
        [row("rectification", "2014-06", accepted_on=date(2014, 6, 10), status="delisted")],
        {("ledger_status_unlike_dates", "2014-06", "status")},
    ),
    "accepted_though_delisted": (
        [
            row(
                "rectification",
                "2014-06",
                accepted_on=date(2014, 6, 10),
                delisted_on=date(2014, 6, 12),
                status="accepted",
            )
        ],
        {("ledger_status_unlike_dates", "2014-06", "status")},
    ),
    "accepted_on_a_day": ([row("rectification", "2014-06", accepted_on=date(2014, 6, 10), status="accepted")], set()),
    # ---- support and services ----
    "road_since_january_falls": (
        series("support_outcomes", "road_built_km", "2014-Q1 2014-Q2 2014-Q3", [1.5, 1.0, 2.0]),
        {("support_cumulative_falls", "2014-Q2", "road_built_km")},
    ),
    "road_begins_anew_in_january": (
        series("support_outcomes", "road_built_km", "2013-Q4 2014-Q1", [6.0, 0.5]),
        set(),
    ),
    "medical_aid_falls": (
        series("support_outcomes", "medical_aid", "2014-Q1 2014-Q2", [2 * WAN, WAN]),
        {("support_money_falls", "2014-Q2", "medical_aid")},
    ),
    "income_of_nobody": (
        [row("support_outcomes", "2014-Q2", nil=("households_driven",))],
        {("support_income_without_households", "2014-Q2", "households_driven")},
    ),
    "no_income_and_nobody": (
        [row("support_outcomes", "2014-Q2", nil=("households_driven", "income_increase"))],
        set(),
    ),
    "medical_aid_for_nobody": (
        [row("support_outcomes", "2014-Q2", nil=("households_given_medical_aid",))],
        {("support_medical_aid_without_households", "2014-Q2", "households_given_medical_aid")},
    ),
    "services_fall": (
        series("services", "services_delivered", "2014-Q1 2014-Q2", [4, 3]),
        {("services_cumulative_falls", "2014-Q2", "services_delivered")},
    ),
    "volunteer_events_without_a_team": (
        [row("services", "2014-Q2", nil=("volunteer_teams",))],
        {("services_events_without_teams", "2014-Q2", "volunteer_teams")},
    ),
    "teams_without_events": ([row("services", "2014-Q2", nil=("volunteer_events",))], set()),
}


@pytest.fixture(scope="module")
def found(new_build: Callable[[], Build]) -> dict[str, set[tuple[str, str, str, str]]]:
    """Failures of every case, by its county: every case is a county of its own."""
    build = new_build()
    for number, (rows, _) in enumerate(CASES.values()):
        for it in rows:
            code = f"21{number:04d}100{200 + it.branch}"
            build.report(it.form, it.period, code, nil=it.nil, exempt=it.exempt, unread=it.unread, **it.values)
            build.branch(code, 300)
    build.write()
    build.check()
    by_county = defaultdict(set)
    for check_id, branch_code, period, field in build.failures():
        if field:
            by_county[branch_code[:6]].add((check_id, branch_code, period, field))
    return by_county


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_found_and_nothing_else(name: str, found: dict[str, set[tuple[str, str, str, str]]]) -> None:
    county = f"21{list(CASES).index(name):04d}"
    expected = {(rule, f"{county}100200", period, field) for rule, period, field in CASES[name][1]}
    assert found[county] == expected


def test_every_rule_has_a_case_that_breaks_it() -> None:
    tried = {rule for _, expected in CASES.values() for rule, _, _ in expected}
    rules = {check.id for check in load_checks(SUITES, load_forms()) if check.rule.kind is not Kind.SYSTEMIC}
    assert tried == rules
