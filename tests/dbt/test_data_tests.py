"""Every data test can fail: each table is put wrong in one way, and the tests that must see it are those that do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import yaml

from warehouse.build_reading import connect_build

PROJECT = Path(__file__).resolve().parents[2]

BRANCH = "branch_code, branch_kind, township_code, city_code, period, period_end, is_weak, has_return"
VILLAGE = "'219801100201', 'village', '219801100', '2198', '{period}', date '{end}', false, true"
Q4 = VILLAGE.format(period="2013-Q4", end="2013-12-31")
H2 = VILLAGE.format(period="2013-H2", end="2013-12-31")

PUT_WRONG = f"""
-- A figure that no return holds, with a status and a state that nobody knows.
insert into marts.funding_standard_gap
    ({BRANCH}, year, quarter, status, fiscal_transfer_state, fiscal_transfer_yuan)
values ({Q4}, 2013, 4, 'odd', 'guessed', 5);

-- One village twice, and another one not at all.
insert into marts.water_gap ({BRANCH}, year, status) values ({H2}, 2013, 'gap'), ({H2}, 2013, 'gap');
insert into staging.stg_register__branches (branch_code, branch_kind, city_code)
values ('219801100202', 'village', '2198');

-- Recruits that the scorecard does not have.
insert into marts.member_recruitment ({BRANCH}, year, quarter, status, recruited) values ({Q4}, 2013, 4, 'met', 1);

-- A county that is not the sum of its township, and an indicator without a name.
insert into marts.area_scorecard
    (area_code, level, parent_code, indicator, period, period_end, branches_reported, branches_expected,
    branches_contradicting)
values
    ('219801100', 'township', '219801', 'members', '2013-Q4', date '2013-12-31', 1, 2, 0),
    ('219801', 'county', null, 'members', '2013-Q4', date '2013-12-31', 1, 1, 0);
insert into intermediate.int_township_indicators (indicator, township_code, period)
values ('nameless', '219801100', '2013-Q4');

-- A figure that was lost on the way to the boundaries now.
insert into marts.scorecard_on_boundaries
    (level, area_code, indicator, period, is_changed, numerator_then)
values ('township', '219801100', 'members', '2013-Q4', true, 5);

insert into reference.standards (standard_id, standard, scope_code, branch_kind, amount)
values ('second', 'pipeline_age_years', 'all', 'village', 25), ('third', 'cows', 'all', 'village', 25);
update intermediate.int_funding_bands set lower_yuan = 999999 where band = 'from_3';

-- A branch reported by two units, known to nobody; a listing of another.
insert into intermediate.int_rows_that_count (form, reporting_unit_code, period, branch_code)
values ('venue', '219801100', '2013-Q4', '1'), ('venue', '219801', '2013-Q4', '1');
insert into intermediate.int_listings (branch_code, listed_on) values ('2', date '2014-03-05');
"""
MUST_FAIL = {
    "area_total_differs_from_the_sum_of_its_parts",
    "boundaries_do_not_reconcile",
    "funding_bands_out_of_order",
    "indicator_without_a_value_or_a_name",
    "mart_total_differs_from_the_returns",
    "row_twice_in_water_gap",
    "scorecard_differs_from_its_mart",
    "standards_of_one_scope_overlap",
    "unknown_code_in_funding_standard_gap",
    "unknown_standard",
    "village_of_the_register_missing_from_a_mart",
}
MUST_WARN = {
    "branch_reported_by_two_units",
    "listed_branch_missing_from_the_register",
    "return_of_a_branch_that_need_not_report",
}


def test_what_was_put_wrong_is_seen_and_nothing_else(empty_warehouse: Path, tmp_path: Path, dbt: Any) -> None:
    database = tmp_path / "jiceng.duckdb"
    shutil.copy(empty_warehouse / "build" / "jiceng.duckdb", database)
    with duckdb.connect(database) as connection:
        connection.execute(PUT_WRONG)
    output, code = dbt("test", "--select", "test_type:data", database=database)
    assert code == 1
    assert names(r"FAIL \d+", output) == MUST_FAIL
    assert names(r"WARN \d+", output) == MUST_WARN
    assert names("ERROR", output) == set()


def test_what_a_test_warns_of_is_worded_and_can_be_asked_for(empty_warehouse: Path, tmp_path: Path) -> None:
    shutil.copy(empty_warehouse / "build" / "jiceng.duckdb", tmp_path / "jiceng.duckdb")
    described = yaml.safe_load((PROJECT / "dbt_project" / "tests" / "_tests.yml").read_text(encoding="utf-8"))
    worded = {test["name"]: test["config"]["meta"] for test in described["data_tests"] if "config" in test}
    assert worded.keys() == MUST_WARN
    with connect_build(tmp_path / "jiceng.duckdb") as reader:
        for words in worded.values():
            assert words["zh"]
            assert words["en"]
            assert '"' not in words["query"]  # it stands between these on the command line
            assert reader.execute(words["query"]).fetchall() == []


def names(verdict: str, output: str) -> set[str]:
    """Tests with the verdict."""
    return set(re.findall(rf"\d+ of \d+ {verdict} (\w+)", output))
