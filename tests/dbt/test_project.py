"""The dbt project against the form specs and the rules that SQL has to keep; its unit tests."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from ingestion.forms import FormSpec, load_forms

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
FORMS = [form for form in load_forms().forms if form.is_periodic]
SQL = sorted([*PROJECT.glob("models/**/*.sql"), *PROJECT.glob("macros/**/*.sql"), *PROJECT.glob("tests/**/*.sql")])


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def code_only(path: Path) -> str:
    """The file without its comments, and without texts that are no code."""
    text = re.sub(r"\{#.*?#\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"--[^\n]*", " ", text)


def test_unit_tests_pass_and_are_many(dbt: Any) -> None:
    output, code = dbt("test", "--select", "test_type:unit")
    assert code == 0, output
    passed = re.search(r"PASS=(\d+) WARN=0 ERROR=0 SKIP=0", output)
    assert passed is not None, output
    assert int(passed[1]) > 40


def test_project_parses_without_a_warning(dbt: Any) -> None:
    output, code = dbt("--warn-error", "parse")
    assert code == 0, output


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)
def test_staging_of_a_form_has_every_field_and_its_state(form: FormSpec, manifest: dict[str, Any]) -> None:
    model = manifest["nodes"][f"model.jiceng.stg_returns__{form.form}"]
    fields = [name for name in model["columns"] if name not in PROVENANCE]
    assert sorted(fields) == sorted(
        [*(column.lake_name for column in form.columns), *(column.state_name for column in form.columns)]
    )


RULE_MODELS = ("intermediate/int_organisation_life_rules.sql", "marts/organisation_life_compliance.sql")
PROVENANCE = {
    "batch_id",
    "file_sha256",
    "file_name",
    "sheet_name",
    "table_number",
    "row_number",
    "form_version",
    "reporting_unit_code",
    "branch_code",
    "branch_name",
    "period",
    "period_end",
    "received_at",
    "is_latest_for_branch",
}


def test_every_form_is_among_the_rows_that_count(manifest: dict[str, Any]) -> None:
    """Nothing names them: those are taken that have a spec and a staging model."""
    rests_on = manifest["nodes"]["model.jiceng.int_rows_that_count"]["depends_on"]["nodes"]
    returns = {node for node in rests_on if ".stg_returns__" in node}
    assert returns == {f"model.jiceng.stg_returns__{form.form}" for form in FORMS}


@pytest.mark.parametrize(
    ("form", "field", "column"),
    [
        ("venue", "condition", "venue_condition"),
        ("venue", "plan", "venue_plan"),
        ("village_roads", "condition_lane", "road_condition"),
        ("leadership", "secretary_origin", "secretary_origin"),
        ("register", "kind", "branch_kind"),
    ],
)
def test_codes_of_a_choice_stand_in_the_seed_of_codes(form: str, field: str, column: str) -> None:
    choices = load_forms().by_name[form].by_name[field].choices
    assert choices is not None
    assert {row["code"] for row in seed("codes") if row["column_name"] == column} == set(choices)


def test_weak_types_are_those_of_the_form() -> None:
    choices = load_forms().by_name["rectification"].by_name["weak_types"].choices
    assert choices is not None
    assert [row["weak_type"] for row in seed("weak_types")] == list(choices)


def test_village_classes_are_those_of_the_form() -> None:
    choices = load_forms().by_name["assessment"].by_name["village_class"].choices
    assert choices is not None
    assert [row["village_class"] for row in seed("village_classes")] == list(choices)


def test_duties_are_of_fields_that_may_be_left_empty_and_of_kinds_that_report_them() -> None:
    """Where an empty cell means exempt whatever the branch, the seed says of whom it is true."""
    for row in seed("field_duties"):
        form = load_forms().by_name[row["form"]]
        assert form.by_name[row["field"]].blank.value == "exempt", row
        assert row["branch_kind"] in form.reporters.kinds, row


def test_every_rule_of_organisation_life_has_a_standard_and_a_name() -> None:
    """The rules that two models list are those that the seeds know."""
    models = [PROJECT / "models" / path for path in RULE_MODELS]
    listed = [re.findall(r"'(\w+)'", re.split(r"set rules = \[|\] -%}", path.read_text("utf-8"))[1]) for path in models]
    named = [row["code"] for row in seed("codes") if row["column_name"] == "organisation_life_rule"]
    assert listed == [named, named]
    assert {*named} <= {row["standard"] for row in seed("standards")}


def test_every_early_warning_rule_has_a_signal() -> None:
    text = (PROJECT / "models" / "intermediate" / "int_early_warnings.sql").read_text(encoding="utf-8")
    signals = re.findall(r"^    '(\w+)':", text, flags=re.MULTILINE)
    assert signals == [row["rule"] for row in seed("early_warning_rules")]


def test_every_indicator_is_computed() -> None:
    text = (PROJECT / "macros" / "indicators.sql").read_text(encoding="utf-8")
    computed = re.findall(r"^    \('(\w+)', '(\w+)'", text, flags=re.MULTILINE)
    assert computed == [(row["indicator"], row["mart"]) for row in seed("indicators")]


def test_every_sum_mean_and_ratio_says_between_what_it_can_lie() -> None:
    """A share lies between 0 and 1; of anything else somebody has to say what an unknown branch could have said."""
    text = (PROJECT / "macros" / "indicators.sql").read_text(encoding="utf-8")
    bounded = re.findall(r"^    '(\w+)': \{", text, flags=re.MULTILINE)
    measured = {row["indicator"] for row in seed("indicators") if row["measure"] != "share"}
    assert (measured - {*bounded}, {*bounded} - measured) == (set(), set())


@pytest.mark.parametrize("path", SQL, ids=lambda path: str(path.relative_to(PROJECT)))
def test_sql_holds_no_standard(path: Path) -> None:
    """Standards are rows of a seed; their amounts, in yuan or in 万元, stand in no SQL."""
    assert re.findall(r"(?<![\w.])(?:7\.25|72500|9\.65|96500|20000|30000|100000)(?![\w.])", code_only(path)) == []


@pytest.mark.parametrize("path", SQL, ids=lambda path: str(path.relative_to(PROJECT)))
def test_sql_is_engine_neutral(path: Path) -> None:
    """What only DuckDB knows; where engines must differ, a macro asks for the target."""
    text = code_only(path)
    if path.parent.name == "macros":
        text = re.sub(r"\{%-? if target is defined.*?endif -?%\}", " ", text, flags=re.DOTALL)
    duckdb_only = r"\bqualify\b|group by all|order by all|::|\bexclude\b|\breplace \(|->|\bfilter \(|\bread_parquet\b"
    assert re.findall(duckdb_only, text, flags=re.IGNORECASE) == []


def test_project_has_nothing_that_dbt_would_import() -> None:
    assert list(PROJECT.rglob("*.py")) == []
