"""Places: as many as the reports count, with codes that nest, under names of nobody and nowhere."""

from __future__ import annotations

from collections import Counter
from datetime import date

from samples.places import COMMUNITY, ENTERPRISE, SOCIAL, VILLAGE, make_places


def test_city_and_county_have_the_branches_that_the_reports_count() -> None:
    places = make_places(2014)
    at_the_end = [branch for branch in places.branches if branch.exists_on(date(2014, 12, 31))]
    kinds = Counter((branch.in_city, branch.kind) for branch in at_the_end)
    assert kinds == {
        (True, VILLAGE): 531,
        (True, COMMUNITY): 42,
        (True, ENTERPRISE): 212,
        (True, SOCIAL): 24,
        (False, VILLAGE): 360,
        (False, COMMUNITY): 11 + 4,
    }
    assert Counter(township.city_code for township in places.townships) == {"2198": 20, "2199": 15 + 1}


def test_codes_are_unique_and_nest_below_the_township() -> None:
    places = make_places(2014)
    assert len({branch.code for branch in places.branches}) == len(places.branches)
    for branch in places.branches:
        if branch.kind in (VILLAGE, COMMUNITY):
            assert branch.code.startswith(branch.township.code)
            assert len(branch.code) == 12
        else:
            assert len(branch.code) == 18
            assert branch.code[2:8] == branch.township.county_code


def test_village_names_differ_within_a_township_but_for_one_pair_and_repeat_across_townships() -> None:
    places = make_places(2014)
    names = [(branch.township.code, branch.name) for branch in places.branches]
    assert len(set(names)) == len(names) - 1
    assert len({name for _, name in names}) < len(names) - 100


def test_some_names_hold_characters_that_gbk_does_not_know() -> None:
    places = make_places(2014)
    rare = [branch for branch in places.branches if not _in_gbk(branch.name)]
    assert rare
    # One of them reports in a CSV file of GB18030.
    assert any(branch.township.name == "春堤街道" for branch in rare)


def _in_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def test_another_seed_gives_other_places() -> None:
    assert make_places(1).branches != make_places(2014).branches
    assert make_places(2014) == make_places(2014)


def test_one_enterprise_branch_is_closed_and_one_founded_in_the_middle_of_2014() -> None:
    places = make_places(2014)
    closed = [branch for branch in places.branches if branch.valid_to is not None]
    founded = [branch for branch in places.branches if branch.valid_from > date(2013, 1, 1)]
    assert [(b.kind, b.valid_to) for b in closed] == [(ENTERPRISE, date(2014, 6, 30))]
    assert [(b.kind, b.valid_from) for b in founded] == [(ENTERPRISE, date(2014, 7, 1))]
