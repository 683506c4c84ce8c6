"""The true facts behind the sample's workbooks: the rows due for every form, township and period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingestion.forms import Frequency
from ingestion.periods import Period, period_ending
from samples.assessment_facts import Assessments
from samples.land_facts import Land
from samples.ledger_facts import Listing, make_listings
from samples.life_facts import Life
from samples.member_facts import Membership
from samples.money_facts import Funding
from samples.outcome_facts import SERVICE_FIELDS, SUPPORT_FIELDS, Outcomes
from samples.places import COMMUNITY, KIND_TEXTS, VILLAGE, Branch, Places, Township, make_places
from samples.team_facts import Teams
from samples.venue_facts import Venues
from samples.visit_facts import Visits

FIRST_MONTH, LAST_MONTH = 2013 * 12, 2014 * 12 + 11

_EVERY = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF: 6, Frequency.YEAR: 12}
FREQUENCIES = {
    "leadership": Frequency.MONTH,
    "rectification": Frequency.MONTH,
    "operating_funding": Frequency.QUARTER,
    "membership": Frequency.QUARTER,
    "venue": Frequency.QUARTER,
    "drinking_water": Frequency.HALF,
    "village_roads": Frequency.HALF,
    "organisation_life": Frequency.MONTH,
    "contact_visits": Frequency.MONTH,
    "assessment": Frequency.YEAR,
    "support_outcomes": Frequency.QUARTER,
    "services": Frequency.QUARTER,
}
# The fields of every form, in the order of the facts' rows.
FIELDS: dict[str, tuple[str, ...]] = {
    form: tuple(fields.split())
    for form, fields in {
        "leadership": "posts filled secretary_vacant secretary_vacant_since secretary_origin director_vacant "
        "team_adjusted secretary_adjusted director_adjusted other_members_adjusted",
        "rectification": "listed_on weak_types county_leader_assigned first_secretary_assigned township_lead_assigned "
        "paired_unit paired_village paired_enterprise plan_due_on measures measures_done self_checked_on accepted_on "
        "delisted_on status",
        "support_outcomes": SUPPORT_FIELDS,
        "services": SERVICE_FIELDS,
        "operating_funding": "fiscal_transfer party_work_subsidy other_subsidy collective_income total "
        "operating_spend staff_pay debt_balance",
        "membership": "members members_over_60 members_under_35 members_female applicants activists recruited "
        "reserve_cadres",
        "venue": "has_venue floor_area_m2 built_year condition plan planned_area_m2 budget funds_secured funding_gap "
        "construction_debt completed_on service_rooms",
        "drinking_water": "hamlets hamlets_short hamlets_unsafe households_affected pipeline_year project_planned "
        "investment_planned",
        "village_roads": "road_km unpaved_km hamlets_unconnected condition_village_road condition_lane "
        "condition_field_road bridges_needed investment_needed",
        "organisation_life": "branch_meetings committee_meetings group_meetings lectures theme_days resolutions "
        "resolutions_full_process affairs_disclosures finance_disclosures",
        "contact_visits": "leader_visits first_secretary_days problems_raised problems_solved households_visited",
        "assessment": "village_class score stars",
        "training": "sessions secretary_person_times cadre_person_times",
        "register": "kind city_name county_name township_code valid_from valid_to successor_codes households "
        "population",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A row that should be reported: values in the order of FIELDS, money in yuan, None where nothing is said."""

    branch: Branch
    values: tuple[object, ...]


class Truth:
    """The facts of the sample of one seed; `places` makes them of branches that are known already."""

    def __init__(self, seed: int, places: Places | None = None) -> None:
        self.places: Places = places or make_places(seed)
        self.listings: tuple[Listing, ...] = make_listings(self.places, seed)
        open_listings = [listing for listing in self.listings if listing.delisted_on is None]
        weak = frozenset(listing.branch.code for listing in open_listings)
        city_weak = tuple(
            listing.branch.code
            for listing in open_listings
            if listing.branch.kind == VILLAGE and listing.branch.in_city
        )
        without = frozenset(listing.branch.code for listing in open_listings if "no_venue" in listing.weak_types)
        villages = tuple(branch for branch in self.places.branches if branch.kind == VILLAGE)
        housed = tuple(branch for branch in self.places.branches if branch.kind in (VILLAGE, COMMUNITY))
        self._funding = Funding(villages, {code: number for number, code in enumerate(city_weak)}, seed)
        self._members = Membership(self.places, weak, seed)
        self._life = Life(self.places, weak, self._members, seed)
        self._visits = Visits(self.listings, seed)
        self._assessments = Assessments(villages, weak, seed)
        self._land = Land(villages, city_weak, weak, seed)
        ever = frozenset(listing.branch.code for listing in self.listings)
        self._venues = Venues(housed, city_weak, without, ever, seed)
        self._outcomes = Outcomes(self.listings, seed)
        self._teams = Teams(self.places, self.listings, seed)
        self._of_township = {t.code: self.places.of_township(t) for t in self.places.townships}

    def forms_due(self, month: int) -> tuple[str, ...]:
        """The forms whose period ends with the month."""
        return tuple(form for form, frequency in FREQUENCIES.items() if not (month + 1) % _EVERY[frequency])

    def period(self, form: str, month: int) -> Period:
        """The form's period that ends with the month."""
        return period_ending(month, FREQUENCIES[form])

    def facts(self, form: str, township: Township, month: int) -> tuple[Fact, ...]:
        """The rows of a return, in the order of the register."""
        return tuple(self._facts(form, township, month))

    def _facts(self, form: str, township: Township, month: int) -> Iterator[Fact]:
        year, number = divmod(month, 12)
        end = self.period(form, month).end
        quarter = number // 3 + 1
        branches = [b for b in self._of_township[township.code] if b.exists_on(end)]
        if form in ("rectification", "contact_visits"):
            for listing in self.listings:
                if listing.branch.township is township and listing.stands_in(month):
                    ledger = form == "rectification"
                    yield Fact(
                        listing.branch, listing.row(end) if ledger else self._visits.row(listing.branch.code, month)
                    )
            return
        for branch in branches:
            if form == "leadership":
                yield Fact(branch, self._teams.row(branch, month))
            elif form == "organisation_life":
                yield Fact(branch, self._life.row(branch.code, month))
            elif form == "membership":
                yield Fact(branch, self._members.row(branch.code, year, quarter))
            elif form in ("support_outcomes", "services"):
                if self._outcomes.reports(branch.code, year, quarter):
                    yield Fact(branch, self._outcomes.row(form, branch.code, quarter))
            elif form == "venue" and branch.kind in (VILLAGE, COMMUNITY):
                yield Fact(branch, self._venues.row(branch.code, end))
            elif branch.kind == VILLAGE and form == "operating_funding":
                yield Fact(branch, self._funding.row(branch, year, quarter))
            elif branch.kind == VILLAGE and form == "assessment":
                yield Fact(branch, self._assessments.row(branch.code, year))
            elif branch.kind == VILLAGE and form == "drinking_water":
                yield Fact(branch, self._land.water(branch.code, year, number // 6 + 1))
            elif branch.kind == VILLAGE and form == "village_roads":
                yield Fact(branch, self._land.roads(branch.code, year, number // 6 + 1))

    def register_facts(self, county_code: str, day: date) -> tuple[Fact, ...]:
        """The rows of a county's register as it was known on a day."""
        return tuple(
            Fact(
                b,
                (
                    KIND_TEXTS[b.kind],
                    b.township.city_name,
                    b.township.county_name,
                    b.township.code,
                    b.valid_from,
                    b.valid_to if b.valid_to and b.valid_to < day else None,
                    None,
                    b.households,
                    b.population,
                ),
            )
            for b in self.places.branches
            if b.township.county_code == county_code and b.valid_from <= day
        )
