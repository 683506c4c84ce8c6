"""What support to weak branches has come to in the sample, and what services they offer, by quarter of 2014.

Totals of the city, of the county and of the community are shared out over their listed branches; within the year every
count grows until it reaches its share in the fourth quarter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from samples.ledger_facts import Listing
from samples.places import COMMUNITY, ENTERPRISE, REPORTED_COMMUNITY, SOCIAL, VILLAGE
from samples.share import share_out

SUPPORT_FIELDS = (
    "road_built_km bridges_built irrigation_projects pipelines_laid households_water_solved venues_built "
    "venues_extended venue_structure_done venue_investment office_equipment_spend service_equipment_spend "
    "office_staff squares_built city_leader_contact bureau_leader_contacts bureaus_paired cadres_in_field aid_given "
    "households_lifted students_helped projects households_driven income_increase skill_person_times "
    "farmer_cooperatives other_cooperation_bodies one_village_one_industry donation_drives donated_items "
    "donations_raised households_assisted person_times_assisted hardship_households_visited "
    "households_given_medical_aid medical_aid rehabilitation_sets jobs_found disputes_mediated programme_episodes "
    "programme_donations programme_families_helped programme_problems_solved"
)
SERVICE_FIELDS = (
    "service_stations agency_points services_delivered pioneer_posts responsibility_areas pioneer_teams "
    "pioneer_projects volunteer_teams volunteer_events in_service_volunteers member_person_times"
)
_FIELDS = {"support_outcomes": SUPPORT_FIELDS.split(), "services": SERVICE_FIELDS.split()}
_FLAGS = ("city_leader_contact", "one_village_one_industry")
# What stands from the first report on: a number at the period's end, not one since January.
_STANDING = ("office_staff", "bureaus_paired", "volunteer_teams", "in_service_volunteers")
_FOR_EACH = {"income_increase": "households_driven", "medical_aid": "households_given_medical_aid"}
_YUAN = (
    "venue_investment",
    "office_equipment_spend",
    "service_equipment_spend",
    "aid_given",
    "donations_raised",
    "medical_aid",
    "programme_donations",
)
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class _Total:
    """A published total over branches of some kinds, no branch having more than `highest`; `unit` is one share of it.

    Money is shared out in hundreds of yuan, road in tenths of a kilometre.
    """

    field: str
    total: int
    kinds: tuple[str, ...]
    highest: int
    lowest: int = 0


_VILLAGES, _BOTH, _FIRMS = (VILLAGE,), (VILLAGE, COMMUNITY), (ENTERPRISE, SOCIAL)
_CITY = (
    _Total("road_built_km", 1150, _VILLAGES, 60),  # M-27, tenths of a kilometre
    _Total("bridges_built", 16, _VILLAGES, 2),  # M-28
    _Total("irrigation_projects", 24, _VILLAGES, 2),  # M-29
    _Total("pipelines_laid", 61, _VILLAGES, 3),  # M-30
    _Total("households_water_solved", 3122, _VILLAGES, 140),  # M-31
    _Total("venues_built", 21, _VILLAGES, 1),  # M-32: 53 built or extended
    _Total("venues_extended", 32, _VILLAGES, 1),
    _Total("venues_built", 2, (COMMUNITY,), 1),  # M-34
    _Total("squares_built", 35, _VILLAGES, 1),  # M-33
    _Total("city_leader_contact", 28, _VILLAGES, 1),  # M-35
    _Total("bureau_leader_contacts", 168, _BOTH, 5),  # M-36
    _Total("bureaus_paired", 84, _BOTH, 1, 1),  # M-37
    _Total("cadres_in_field", 425, _FIRMS, 6),  # M-38
    _Total("aid_given", 2650, _BOTH, 70),  # M-39
    _Total("households_lifted", 57, _BOTH, 4),  # M-40
    _Total("students_helped", 57, _BOTH, 4),  # M-41
    _Total("projects", 149, _VILLAGES, 4),  # M-42
    _Total("households_driven", 1363, _VILLAGES, 50),  # M-43
    _Total("skill_person_times", 2976, _VILLAGES, 90),  # M-44
    _Total("farmer_cooperatives", 48, _VILLAGES, 2),  # M-45
    _Total("other_cooperation_bodies", 61, _VILLAGES, 2),  # M-46
    _Total("one_village_one_industry", 17, _VILLAGES, 1),  # M-47
    _Total("pioneer_posts", 230, _FIRMS, 5),  # M-19
    _Total("responsibility_areas", 323, _FIRMS, 6),  # M-20
    _Total("pioneer_teams", 95, _FIRMS, 2),  # M-21
    _Total("pioneer_projects", 32, _FIRMS, 1),  # M-22
    _Total("member_person_times", 3823, _FIRMS, 60),  # M-23
    _Total("service_stations", 45, _BOTH, 2),  # M-24
    _Total("agency_points", 57, _BOTH, 2),  # M-25
    _Total("services_delivered", 253, _BOTH, 9),  # M-26
    _Total("volunteer_teams", 14, (COMMUNITY,), 3, 1),
    _Total("volunteer_events", 40, (COMMUNITY,), 9, 1),
)
_INCOME_PER_HOUSEHOLD = 1330  # M-48, yuan
_COUNTY = (
    _Total("projects", 31, _VILLAGES, 3),
    _Total("households_driven", 412, _VILLAGES, 40),
    _Total("aid_given", 640, _VILLAGES, 60),
    _Total("service_stations", 22, _VILLAGES, 1),
    _Total("services_delivered", 118, _VILLAGES, 9),
)
# K-28…K-31: a programme of the county, each episode about one village.
_PROGRAMME = (
    _Total("programme_episodes", 16, _VILLAGES, 1, 1),
    _Total("programme_donations", 12_000, _VILLAGES, 1_500, 100),
    _Total("programme_families_helped", 16, _VILLAGES, 3),
    _Total("programme_problems_solved", 1000, _VILLAGES, 110, 10),
)
# C-02, C-04…C-20: the community of the first report.
_COMMUNITY = {
    "office_staff": 21,
    "venues_built": 1,
    "venue_investment": 60_000,
    "office_equipment_spend": 2_700,
    "service_equipment_spend": 1_780,
    "donation_drives": 6,
    "donated_items": 5000,
    "donations_raised": 120,
    "households_assisted": 6,
    "person_times_assisted": 300,
    "hardship_households_visited": 12,
    "households_given_medical_aid": 2,
    "medical_aid": 110,
    "rehabilitation_sets": 9,
    "jobs_found": 7,
    "disputes_mediated": 2,
    "volunteer_teams": 5,
    "volunteer_events": 22,
    "in_service_volunteers": 50,
}


class Outcomes:
    """Figures of every branch that is listed at the end of 2014, from the quarter of its listing on."""

    def __init__(self, listings: Iterable[Listing], seed: int) -> None:
        rng = Random(f"{seed}:outcomes")  # noqa: S311 - sample data
        listed = [listing for listing in listings if listing.delisted_on is None]
        self._ends: dict[str, dict[str, int]] = {listing.branch.code: {} for listing in listed}
        self._first = {listing.branch.code: (listing.listed_on.month + 2) // 3 for listing in listed}
        city = [listing for listing in listed if listing.branch.in_city]
        county = [listing for listing in listed if listing.branch.in_county]
        for total in _CITY:
            self._share(total, city, rng)
        for total in _COUNTY:
            self._share(total, county, rng)
        told = rng.sample(county, 16)
        for total in _PROGRAMME:
            self._share(total, told, rng)
        for listing in county:
            if "no_venue" in listing.weak_types:  # K-26
                self._ends[listing.branch.code]["venue_structure_done"] = 1
        self._ends[REPORTED_COMMUNITY] |= _COMMUNITY
        self._raise_incomes(city, rng)
        self._grown = {code: self._growth(first, rng) for code, first in self._first.items()}

    def _share(self, total: _Total, listings: list[Listing], rng: Random) -> None:
        codes = [listing.branch.code for listing in listings if listing.branch.kind in total.kinds]
        shares = share_out(total.total, [total.lowest] * len(codes), [total.highest] * len(codes), rng)
        for code, share in zip(codes, shares, strict=True):
            self._ends[code][total.field] = self._ends[code].get(total.field, 0) + share

    def _raise_incomes(self, listings: list[Listing], rng: Random) -> None:
        """Yuan that households of the city's villages gained: so much each on the whole, here more and there less."""
        driven = {
            listing.branch.code: self._ends[listing.branch.code].get("households_driven", 0) for listing in listings
        }
        total = _INCOME_PER_HOUSEHOLD * sum(driven.values())
        shares = share_out(total, [n * 800 for n in driven.values()], [n * 1900 for n in driven.values()], rng)
        for code, share in zip(driven, shares, strict=True):
            self._ends[code]["income_increase"] = share

    def _growth(self, first: int, rng: Random) -> tuple[float, ...]:
        """Which part of the year's figures is reached in each quarter; 1 in the fourth."""
        parts = sorted(rng.uniform(0.15, 0.9) for _ in range(4 - first))
        return (*([0.0] * (first - 1)), *parts, 1.0)

    def reports(self, code: str, year: int, quarter: int) -> bool:
        """Whether the branch reports in the quarter."""
        return year == 2014 and code in self._first and quarter >= self._first[code]

    def row(self, form: str, code: str, quarter: int) -> tuple[object, ...]:
        """Values of the form's columns in a quarter of 2014."""
        ends, part = self._ends[code], self._grown[code][quarter - 1]
        return tuple(self._value(name, ends, part) for name in _FIELDS[form])

    def _value(self, name: str, ends: dict[str, int], part: float) -> object:
        end = ends.get(name, 0)
        if name in _FLAGS:
            return end * part > 0.5
        if name in _FOR_EACH:  # where no household has been reached yet, no money has either
            households = ends.get(_FOR_EACH[name], 0)
            value = end * int(households * part) // households if households else 0
        else:
            value = end if name in _STANDING else int(end * part)
        if not value:
            return None  # nobody writes a 0 here
        return _SCALES.get(name, int)(value)


_SCALES: dict[str, Callable[[int], object]] = {
    "road_built_km": lambda tenths: tenths / 10,
    **dict.fromkeys(_YUAN, lambda hundreds: hundreds * _HUNDRED),
}
