"""The facts of the sample: each consistent in itself, and together what the reports publish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from samples.city import SampleWriter
from samples.places import VILLAGE
from samples.truth import FIELDS, FIRST_MONTH, LAST_MONTH, Truth

YEAR_END_2013, YEAR_END_2014 = FIRST_MONTH + 11, LAST_MONTH


@pytest.fixture(scope="module")
def truth(writer: SampleWriter) -> Truth:
    return writer.truth


def rows(truth: Truth, form: str, month: int) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Branch code, county code and values of every row of a form."""
    for township in truth.places.townships:
        for fact in truth.facts(form, township, month):
            yield fact.branch.code, township.county_code, dict(zip(FIELDS[form], fact.values, strict=True))


def weak_villages(truth: Truth, city: str) -> set[str]:
    return {
        listing.branch.code
        for listing in truth.listings
        if listing.branch.kind == VILLAGE and listing.delisted_on is None and listing.branch.township.city_code == city
    }


def test_funding_adds_up_and_never_falls_within_a_year(truth: Truth) -> None:
    before: dict[str, dict[str, object]] = {}
    for month in range(FIRST_MONTH + 2, LAST_MONTH + 1, 3):
        for code, _, row in rows(truth, "operating_funding", month):
            money = {name: int(str(value)) for name, value in row.items()}
            kinds = ("fiscal_transfer", "party_work_subsidy", "other_subsidy", "collective_income")
            assert money["total"] == sum(money[kind] for kind in kinds)
            assert money["operating_spend"] + money["staff_pay"] <= money["total"]
            assert all(value % 100 == 0 and value >= 0 for value in money.values())
            if month % 12 != 2:
                for name in money:
                    if name != "debt_balance":
                        assert money[name] >= int(str(before[code][name]))
            before[code] = row


def test_membership_is_consistent_from_quarter_to_quarter(truth: Truth) -> None:
    before: dict[str, dict[str, int]] = {}
    for month in range(FIRST_MONTH + 2, LAST_MONTH + 1, 3):
        for code, _, row in rows(truth, "membership", month):
            count = {name: int(str(value)) for name, value in row.items()}
            assert count["members_over_60"] + count["members_under_35"] <= count["members"]
            assert count["members_female"] <= count["members"]
            assert count["activists"] < count["applicants"]
            if code in before and month % 12 != 2:
                new = count["recruited"] - before[code]["recruited"]
                assert new >= 0
                assert count["members"] - before[code]["members"] in (new, new - 1)
            before[code] = count


def test_leadership_is_consistent(truth: Truth) -> None:
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        end = truth.period("leadership", month).end
        for _, _, row in rows(truth, "leadership", month):
            since = row["secretary_vacant_since"]
            assert (since is not None) == row["secretary_vacant"] == (row["secretary_origin"] is None)
            assert since is None or (isinstance(since, date) and since <= end)
            assert 0 <= int(str(row["filled"])) <= int(str(row["posts"])) - bool(row["secretary_vacant"])


def test_water_and_roads_are_consistent(truth: Truth) -> None:
    for month in range(FIRST_MONTH + 5, LAST_MONTH + 1, 6):
        hamlets = {}
        for code, _, row in rows(truth, "drinking_water", month):
            count = {name: int(str(value or 0)) for name, value in row.items() if name != "project_planned"}
            hamlets[code] = count["hamlets"]
            assert count["hamlets_short"] + count["hamlets_unsafe"] <= count["hamlets"]
            assert count["pipeline_year"] <= 2012
            assert row["project_planned"] is (row["investment_planned"] is not None)
        for code, _, row in rows(truth, "village_roads", month):
            assert float(str(row["unpaved_km"])) <= float(str(row["road_km"]))
            assert int(str(row["hamlets_unconnected"])) < hamlets[code]


def test_venues_are_consistent(truth: Truth) -> None:
    for month in range(FIRST_MONTH + 2, LAST_MONTH + 1, 3):
        end = truth.period("venue", month).end
        for _, _, row in rows(truth, "venue", month):
            described = [
                row[name] is not None for name in ("floor_area_m2", "built_year", "condition", "service_rooms")
            ]
            assert all(described) if row["has_venue"] else not any(described)
            assert (row["plan"] == "none") is (row["budget"] is None) is (row["planned_area_m2"] is None)
            if row["budget"] is not None:
                gap = int(str(row["budget"])) - int(str(row["funds_secured"]))
                assert (row["funding_gap"] or 0) == gap
            completed = row["completed_on"]
            assert completed is None or (isinstance(completed, date) and completed <= end and row["has_venue"])


def test_listings_are_in_order(truth: Truth) -> None:
    for listing in truth.listings:
        assert listing.listed_on <= listing.plan_due_on
        days = [day for day in (listing.listed_on, listing.accepted_on, listing.delisted_on) if day]
        assert days == sorted(days)


def test_the_facts_add_up_to_the_published_figures(truth: Truth) -> None:
    weak = weak_villages(truth, "2198")
    assert len(weak) == 77
    venue = {code: row for code, _, row in rows(truth, "venue", YEAR_END_2014)}
    without = {code for code in weak if not venue[code]["has_venue"]}
    unfit = {code for code in weak if venue[code]["condition"] in ("dangerous", "cramped", "dilapidated")}
    gaps = [int(str(venue[code]["funding_gap"])) for code in without | unfit if venue[code]["funding_gap"]]
    assert (len(without), len(unfit), len(without | unfit), len(gaps), sum(gaps)) == (27, 34, 61, 38, 9_490_000)
    team = {code: row for code, _, row in rows(truth, "leadership", YEAR_END_2014)}
    dispatched = [code for code in weak if team[code]["secretary_origin"] in ("dispatched", "first_secretary")]
    assert len(dispatched) == 13
    water = {code: row for code, _, row in rows(truth, "drinking_water", YEAR_END_2014)}
    dry = [int(str(water[c]["hamlets_short"])) + int(str(water[c]["hamlets_unsafe"])) for c in weak]
    assert (sum(1 for hamlets in dry if hamlets), sum(dry)) == (33, 90)
    roads = {code: row for code, _, row in rows(truth, "village_roads", YEAR_END_2014)}
    assert sum("poor" in roads[code].values() for code in weak) == 28
    for month in (YEAR_END_2013, YEAR_END_2014):
        transfers = {code: int(str(row["fiscal_transfer"])) for code, _, row in rows(truth, "operating_funding", month)}
        assert max(transfers[code] for code in weak) > 100_000
        assert min(transfers[code] for code in weak) < 30_000
    kinds = {branch.code: branch.kind for branch in truth.places.branches}
    recruited = [
        int(str(row["recruited"]))
        for code, county, row in rows(truth, "membership", YEAR_END_2013)
        if county.startswith("2198") and kinds[code] == VILLAGE
    ]
    assert (len(recruited), sum(recruited)) == (531, 369)
    members = [
        int(str(row["members"])) for _, county, row in rows(truth, "membership", YEAR_END_2014) if county == "219901"
    ]
    assert (len(members), sum(members)) == (371, 20_842)
    ledger = [code for code, county, _ in rows(truth, "rectification", YEAR_END_2014) if county.startswith("2198")]
    assert len(ledger) == 249
