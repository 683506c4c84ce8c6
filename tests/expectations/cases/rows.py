"""Rows that no rule has anything against, and how a case departs from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

WAN = 10_000
QUARTERS = "2013-Q4 2014-Q1 2014-Q2 2014-Q3"
HALVES = "2013-H1 2013-H2 2014-H1 2014-H2"
MONTHS = "2014-05 2014-06 2014-07 2014-08"
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


# A case: its rows, and what must be found in them: (rule, period, field) of the first branch.
Case = tuple[list[Row], set[tuple[str, str, str]]]


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
