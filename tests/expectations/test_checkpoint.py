"""A night's checks from the staging tables to the tables of schema quality."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import yaml

from expectations.checkpoint import ChecksError, run_checks
from expectations.results import Status

if TYPE_CHECKING:
    from conftest import Build

EXPECTATIONS = Path(__file__).resolve().parents[2] / "expectations"
MORNING = datetime(2015, 2, 2, 1, tzinfo=UTC)
BRANCH = "210001100200"


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """A copy of the project's checks to change."""
    shutil.copytree(EXPECTATIONS / "suites", tmp_path / "checks" / "suites")
    shutil.copytree(EXPECTATIONS / "reference", tmp_path / "checks" / "reference")
    return tmp_path / "checks" / "suites"


def change_rule(suites: Path, suite: str, rule_id: str, **changes: Any) -> None:
    path = suites / f"{suite}.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    next(rule for rule in content["rules"] if rule["id"] == rule_id).update(changes)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def results(build: Build, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    with duckdb.connect(build.database, read_only=True) as connection:
        return connection.execute(f"select {columns} from quality.check_result where {where}").fetchall()


def report_two_quarters(build: Build) -> None:
    build.report("membership", "2014-Q1", BRANCH, members=30, members_over_60=20)
    build.report("membership", "2014-Q2", "210001100201", members=50, members_over_60=20)
    build.report("membership", "2014-Q2", BRANCH, members=30, members_over_60=35, members_female=31)
    build.write()


def test_failing_row_comes_with_place_value_and_text(build: Build) -> None:
    report_two_quarters(build)
    build.check()
    assert build.failures("*") == [
        (
            "20150201T170000Z", "members_part_above_whole", "membership", "error", "组织部", "2014-Q2", "210001100",
            BRANCH, "村200", field, value, "membership-2014-Q2-210001100", "210001100/2014-Q2.xlsx", "党员队伍",
            6, cell, text_zh, text_en,
        )
        for field, value, cell, text_zh, text_en in (
            ("members_female", "31", "F6", "女党员 31 多于党员总数 30", "members female: 31, more than all 30 members"),
            (
                "members_over_60", "35", "D6",
                "60岁以上党员 35 多于党员总数 30", "members over 60: 35, more than all 30 members",
            ),
        )
    ]  # fmt: skip


def test_result_of_a_rule_counts_rows(build: Build) -> None:
    report_two_quarters(build)
    report = build.check()
    columns = (
        "run_id, form, severity, owner, text_zh, text_en, remedy_zh, status, rows_checked, rows_failed, checked_at"
    )
    assert results(build, columns, "check_id = 'members_part_above_whole'") == [
        (
            "20150201T170000Z", "membership", "error", "组织部", "60岁以上、35岁以下、女党员都不多于党员总数",
            "Neither age group, nor the women, are more than all members", "请核对各栏人数，改正后重新报送",
            "fail", 3, 1, MORNING,
        )
    ]  # fmt: skip
    assert (report.critical, report.errors, report.warnings, report.infos) == (0, 1, 0, 0)
    assert not report.blocks
    assert [(it.check_id, str(it.status)) for it in report.results] == results(build, "check_id, status")


def test_rule_without_a_row_to_judge_has_no_data(build: Build) -> None:
    report_two_quarters(build)
    build.check()
    assert results(build, "distinct status", "form = 'venue'") == [("no_data",)]
    assert results(build, "status, rows_checked", "check_id = 'members_activists_above_applicants'") == [("no_data", 0)]


def test_an_empty_build_passes(build: Build) -> None:
    build.write()
    report = build.check()
    assert {result.status for result in report.results} == {Status.NO_DATA}
    assert not report.blocks


def test_checking_a_night_again_replaces_its_results(build: Build) -> None:
    report_two_quarters(build)
    build.check()
    before = (build.failures("*"), results(build, "*"))
    build.check()
    assert (build.failures("*"), results(build, "*")) == before


def test_another_night_takes_the_place_of_the_one_before(build: Build) -> None:
    report_two_quarters(build)
    build.check()
    with duckdb.connect(build.database) as connection:
        connection.execute("update staging.stg_returns__membership set members = 60")
    build.check(run_id="20150202T170000Z")
    assert build.failures() == []
    assert results(build, "distinct run_id") == [("20150202T170000Z",)]


def test_results_that_cannot_be_written_leave_those_before(build: Build) -> None:
    report_two_quarters(build)
    build.check()
    before = (build.failures("*"), results(build, "*"))
    with duckdb.connect(build.database) as connection:
        connection.execute("update staging.stg_returns__membership set members = 60")
    with pytest.raises(duckdb.Error):
        build.check(run_id=None)  # type: ignore[arg-type]
    assert (build.failures("*"), results(build, "*")) == before


def test_query_that_breaks_is_named_and_the_other_rules_go_on(build: Build, suites: Path) -> None:
    report_two_quarters(build)
    (suites.parent / "reference" / "venue.sql").write_text("select nothing from staging.stg_returns__venue")
    report = build.check(suites)
    broken = [result for result in report.results if result.status is Status.ERROR]
    assert {result.form for result in broken} == {"venue"}
    assert "（检核未能执行：venue.sql: Binder Error" in broken[0].text_zh
    assert "(the check broke: venue.sql: Binder Error" in broken[0].text_en
    assert not report.blocks
    assert {row[0] for row in build.failures()} == {"members_part_above_whole"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kwargs": {"column": "mumbers", "min_value": 3}}, "mumbers"),
        ({"kwargs": {"column": "members", "min_valu": 3}}, "min_valu"),
        ({"kwargs": {"column": "branch_name", "min_value": 3}}, "must either be None or of the same type"),
        ({"expectation": "expect_column_values_to_be_nice"}, "expect_column_values_to_be_nice"),
        ({"expectation": "expect_column_max_to_be_between", "kwargs": {"column": "members", "max_value": 9}}, "rows"),
        ({"kwargs": {"column": "members", "min_value": 99}, "failure": {"zh": "{nobody}", "en": "{nobody}"}}, "nobody"),
    ],
)
def test_rule_that_breaks_is_named_and_the_other_rules_go_on(
    changes: dict[str, Any], reason: str, build: Build, suites: Path
) -> None:
    report_two_quarters(build)
    change_rule(suites, "membership", "members_fewer_than_three", **changes)
    report = build.check(suites)
    [broken] = [result for result in report.results if result.status is Status.ERROR]
    assert broken.check_id == "members_fewer_than_three"
    assert reason in broken.text_zh
    assert not report.blocks
    assert {row[0] for row in build.failures()} == {"members_part_above_whole"}


def test_new_rule_is_a_row_of_yaml_and_a_column_of_sql(build: Build, suites: Path) -> None:
    report_two_quarters(build)
    query = suites.parent / "reference" / "membership.sql"
    changed = query.read_text(encoding="utf-8").replace(
        "\nfrom returns\n", ",\n    members_over_60 / members as over_60_share\nfrom returns\n"
    )
    query.write_text(changed, encoding="utf-8")
    path = suites / "membership.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["rules"].append(
        {
            "id": "members_grow_old",
            "kind": "cross_field",
            "severity": "info",
            "owner": "老干部局",
            "fields": ["members_over_60"],
            "expectation": "expect_column_values_to_be_between",
            "kwargs": {"column": "over_60_share", "max_value": 0.5},
            "text": {"zh": "60岁以上党员不过半", "en": "No more than half are over 60"},
            "failure": {"zh": "{label}占 {over_60_share}", "en": "{label} are {over_60_share}"},
            "remedy": {"zh": "发展年轻党员", "en": "Recruit the young"},
        }
    )
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    build.check(suites)
    new = [
        row for row in build.failures("check_id, owner, period, value, cell, text_zh") if row[0] == "members_grow_old"
    ]
    assert new == [
        ("members_grow_old", "老干部局", "2014-Q1", "20", "D5", "60岁以上党员占 66.7%"),
        ("members_grow_old", "老干部局", "2014-Q2", "35", "D6", "60岁以上党员占 116.7%"),
    ]


def test_two_rules_may_ask_the_same(build: Build, suites: Path) -> None:
    report_two_quarters(build)
    path = suites / "membership.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = next(rule for rule in content["rules"] if rule["id"] == "members_part_above_whole")
    content["rules"].append({**asked, "id": "members_asked_again", "severity": "info"})
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    build.check(suites)
    found = [row for row in build.failures() if row[1] == BRANCH]
    assert {row[0] for row in found} == {"members_part_above_whole", "members_asked_again"}
    assert len(found) == 4


def test_macros_that_break_are_said(build: Build, suites: Path) -> None:
    build.write()
    (suites.parent / "reference" / "_macros.sql").write_text("create macro")
    with pytest.raises(ChecksError, match=r"_macros\.sql 不能用"):
        build.check(suites)


def test_critical_rule_that_breaks_blocks(build: Build, suites: Path) -> None:
    report_two_quarters(build)
    kwargs = {"column": "no_such", "min_value": 0.5}
    change_rule(suites, "night", "night_form_mostly_absent", kwargs=kwargs, severity="critical")
    report = build.check(suites)
    assert (report.critical, report.blocks) == (1, True)


def test_critical_failure_blocks(build: Build, suites: Path) -> None:
    report_two_quarters(build)
    change_rule(suites, "membership", "members_part_above_whole", severity="critical")
    report = build.check(suites)
    assert (report.critical, report.errors, report.blocks) == (1, 0, True)


@pytest.mark.parametrize(("last_day", "excused"), [("2015-02-02", True), ("2015-02-01", False)])
def test_known_exception_lets_a_row_pass_until_its_day(
    last_day: str, excused: bool, build: Build, suites: Path
) -> None:
    report_two_quarters(build)
    (suites.parent / "exceptions.csv").write_text(
        "check_id,reporting_unit_code,branch_code,period,until,comment\n"
        f"members_part_above_whole,210001100,{BRANCH},2014-Q2,{last_day},县委组织部已核实\n",
        encoding="utf-8",
    )
    # In China it is already the second of February.
    build.check(suites, at=datetime(2015, 2, 1, 16, 30, tzinfo=UTC))
    expected = ("pass", 0, 1) if excused else ("fail", 1, 0)
    columns = "status, rows_failed, rows_waived"
    assert results(build, columns, "check_id = 'members_part_above_whole'") == [expected]
    assert (build.failures() == []) is excused


def test_only_the_row_that_counts_for_a_branch_is_judged(build: Build) -> None:
    report_two_quarters(build)
    with duckdb.connect(build.database) as connection:
        connection.execute("update staging.stg_returns__membership set is_latest_for_branch = members_over_60 < 35")
    build.check()
    assert build.failures() == []


def test_a_build_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ChecksError, match="没有可检核的构建"):
        run_checks(tmp_path / "none.duckdb", EXPECTATIONS / "suites", run_id="x", checked_at=MORNING)


def test_checking_says_nothing_on_the_console(build: Build, capfd: pytest.CaptureFixture[str]) -> None:
    report_two_quarters(build)
    build.check()
    assert capfd.readouterr() == ("", "")
