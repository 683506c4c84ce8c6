"""Suites are data: the project's own are sound, and one that is not is refused with file, key and reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.catalogue import markdown
from expectations.suites import ChecksError, load_checks
from ingestion.forms import load_forms

PROJECT = Path(__file__).resolve().parents[2]
SUITES = PROJECT / "expectations" / "suites"
FORMS = load_forms()
CHECKS = load_checks(SUITES, FORMS)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = {"zh": "党员 {members}", "en": "{members} members"}


def a_rule(**changes: Any) -> dict[str, Any]:
    return {
        "id": "some_members",
        "kind": "domain",
        "severity": "error",
        "fields": ["members"],
        "expectation": "expect_column_values_to_be_between",
        "kwargs": {"column": "members", "min_value": 1},
        "text": {"zh": "有党员", "en": "There are members"},
        "failure": WORDS,
        "remedy": {"zh": "请核对", "en": "Check it"},
        **changes,
    }


def write(directory: Path, *rules: dict[str, Any], **changes: Any) -> Path:
    suite = {"suite": "membership", "form": "membership", "owner": "组织部", "rules": list(rules), **changes}
    (directory / "membership.yml").write_text(yaml.safe_dump(suite, allow_unicode=True), encoding="utf-8")
    return directory


def refusal(directory: Path) -> str:
    with pytest.raises(ChecksError) as refused:
        load_checks(directory, FORMS)
    return str(refused.value)


def test_a_sound_suite_is_read(tmp_path: Path) -> None:
    [check] = load_checks(write(tmp_path, a_rule()), FORMS)
    assert (check.id, check.owner, check.reference) == ("some_members", "组织部", "membership")


def test_a_rule_may_name_its_own_owner_and_reference(tmp_path: Path) -> None:
    [check] = load_checks(write(tmp_path, a_rule(owner="统计局", reference="members_by_county")), FORMS)
    assert (check.owner, check.reference) == ("统计局", "members_by_county")


def test_a_star_stands_for_each_field(tmp_path: Path) -> None:
    rule = a_rule(
        fields=["members", "applicants"],
        kwargs={"column": "*", "column_list": ["*_before", "members"], "min_value": 1},
        failure={"zh": "{label} {*}", "en": "{label} {*}"},
    )
    [check] = load_checks(write(tmp_path, rule), FORMS)
    assert [dict(question.kwargs) for question in check.questions()] == [
        {"column": "members", "column_list": ["members_before", "members"], "min_value": 1},
        {"column": "applicants", "column_list": ["applicants_before", "members"], "min_value": 1},
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (a_rule(severty="error"), "membership.yml: rules.0.severty: Extra inputs are not permitted"),
        (a_rule(severity="bad"), "membership.yml: rules.0.severity: Input should be 'critical', 'error', 'warning' or"),
        (a_rule(kind="odd"), "membership.yml: rules.0.kind: Input should be"),
        (a_rule(id="Some members"), "membership.yml: rules.0.id: String should match"),
        (a_rule(expectation="be_nice"), "membership.yml: rules.0.expectation: String should match"),
        (a_rule(remedy={"zh": "请核对"}), "membership.yml: rules.0.remedy.en: Field required"),
        (a_rule(remedy={"zh": "", "en": "x"}), "membership.yml: rules.0.remedy.zh: String should have at least 1"),
        (
            a_rule(failure={"zh": "{members}", "en": "{member}"}),
            "membership.yml: rules.0.failure: Value error, zh and en hold different placeholders: member, members",
        ),
        (a_rule(fields=["mumbers"]), "membership.yml: rules.0 (some_members): fields: 报表没有这些栏目"),
        (
            a_rule(fields=[], kwargs={"column": "*", "min_value": 1}),
            "membership.yml: rules.0 (some_members): fields: 用了 * 却没有列出栏目",
        ),
    ],
)
def test_a_rule_that_is_not_sound_is_refused(rule: dict[str, Any], expected: str, tmp_path: Path) -> None:
    assert refusal(write(tmp_path, rule)).startswith(expected)


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    told = refusal(write(tmp_path, a_rule(severty="error"), a_rule(kind="odd", id="other"))).splitlines()
    assert [line.split(": ")[1] for line in told] == ["rules.0.severty", "rules.1.kind"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"form": "memberships"}, "membership.yml: rules.0 (some_members): form: 没有这张报表"),
        ({"suite": "members"}, "membership.yml: suite: 应与文件名相同"),
        ({"forms": []}, "membership.yml: forms: Extra inputs are not permitted"),
        ({"rules": []}, "membership.yml: suite: Value error, a suite needs at least one rule"),
        ({"owner": None}, "membership.yml: owner: Input should be a valid string"),
    ],
)
def test_a_suite_that_is_not_sound_is_refused(changes: dict[str, Any], expected: str, tmp_path: Path) -> None:
    assert refusal(write(tmp_path, a_rule(), **changes)).startswith(expected)


def test_two_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, a_rule(), a_rule())).startswith("membership.yml: rules.1 (some_members): id: ")


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "membership.yml").write_text("suite: [membership", encoding="utf-8")
    assert refusal(tmp_path).startswith("membership.yml: 不是有效的 YAML · not valid YAML: ")


def test_a_folder_without_suites_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith("没有检核规则")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_rule_speaks_both_languages(check: Any) -> None:
    rule = check.rule
    assert all(CHINESE.search(words.zh) for words in (rule.text, rule.failure, rule.remedy))
    # What stands on a form may stand in an English text as it is written there.
    english = re.sub(r"万元|元|里|无|完好|危房|狭小|破旧", "", f"{rule.text.en} {rule.failure.en} {rule.remedy.en}")
    assert not CHINESE.search(english)
    assert CHINESE.search(check.owner)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_reference_query_of_the_rule_exists(check: Any) -> None:
    assert (PROJECT / "expectations" / "reference" / f"{check.reference}.sql").is_file()


def test_no_reference_query_is_left_over() -> None:
    queries = {path.stem for path in (PROJECT / "expectations" / "reference").glob("[!_]*.sql")}
    assert queries == {check.reference for check in CHECKS}


def test_every_form_that_is_reported_has_rules() -> None:
    assert {check.form.form for check in CHECKS if check.form} == {
        form.form for form in FORMS.forms if form.grain in ("branch", "unit")
    }


def test_the_page_of_checks_lists_every_rule_as_it_is() -> None:
    page = (PROJECT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert page == markdown(CHECKS), "run: python -m expectations.catalogue > docs/checks.md"
    assert [check.id for check in CHECKS if page.count(f"`{check.id}`") != 1] == []
