"""Every rule fires on the row that breaks it, at the field it names, and stays quiet on its neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from expectations.suites import Kind, load_checks
from ingestion.forms import load_forms
from tests.expectations.cases.funding import FUNDING
from tests.expectations.cases.members import MEMBERS
from tests.expectations.cases.rectification import LEDGER
from tests.expectations.cases.rows import Case, row
from tests.expectations.cases.venue import VENUES
from tests.expectations.cases.villages import VILLAGES
from tests.expectations.cases.work import WORK

if TYPE_CHECKING:
    from conftest import Build

SUITES = Path(__file__).resolve().parents[2] / "expectations" / "suites"
HONEST_CASES: dict[str, Case] = {
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
}
GROUPS = (HONEST_CASES, FUNDING, MEMBERS, VILLAGES, VENUES, LEDGER, WORK)
CASES = {name: case for group in GROUPS for name, case in group.items()}


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


def test_no_two_cases_share_a_name() -> None:
    """Of two in different files the one would hide the other."""
    assert len(CASES) == sum(map(len, GROUPS))


def test_every_rule_has_a_case_that_breaks_it() -> None:
    tried = {rule for _, expected in CASES.values() for rule, _, _ in expected}
    rules = {check.id for check in load_checks(SUITES, load_forms()) if check.rule.kind is not Kind.SYSTEMIC}
    assert tried == rules
