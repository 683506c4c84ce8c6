"""Specs of forms: what loads, and what is refused with file, key and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.forms import FORMS_DIRECTORY, FormError, Forms, load_forms

SPEC = """
form: test_form
version: 1
label: {zh: 试验, en: Test}
titles: [试验]
frequency: month
cumulative: false
grain: branch
reporters: {kinds: [village], coverage: all}
deadline_days: 5
owner: 组织部
columns:
  - name: figure
    label: 数字
    synonyms: [数, {text: 数目, valid_from: 2014-Q1}]
    type: count
    unit: 个
    description: A figure
"""


def load(tmp_path: Path, text: str) -> Forms:
    (tmp_path / "test_form.yml").write_text(text, encoding="utf-8")
    return load_forms(tmp_path)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(FormError) as caught:
        load(tmp_path, text)
    return str(caught.value).replace(str(tmp_path / "test_form.yml"), "test_form.yml")


def test_new_form_is_one_file(tmp_path: Path) -> None:
    form = load(tmp_path, SPEC).by_name["test_form"]
    assert (form.label.zh, form.owner, form.deadline_days) == ("试验", "组织部", 5)
    assert form.by_name["figure"].header_texts == ("数字", "数", "数目")
    assert form.by_name["figure"].synonyms[1].valid_from == "2014-Q1"


def test_every_form_of_the_project_loads(forms: Forms) -> None:
    names = {path.stem for path in FORMS_DIRECTORY.glob("[!_]*.yml")}
    assert {form.form for form in forms.forms} == names


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("owner: 组织部", "owner: 组织部\ncolour: red", "test_form.yml: colour: Extra inputs are not permitted"),
        (
            "    unit: 个",
            "    unit: 个\n    maxx: 3",
            "test_form.yml: columns.0.maxx: Extra inputs are not permitted",
        ),
        (
            "frequency: month",
            "frequency: weekly",
            "test_form.yml: frequency: Input should be 'month', 'quarter', 'half', 'year' or 'on_change'",
        ),
        ("owner: 组织部\n", "", "test_form.yml: owner: Field required"),
        (
            "type: count",
            "type: choice",
            "test_form.yml: columns.0: Value error, choices belong to the types choice and choices, and only to them",
        ),
        (
            "    type: count\n    unit: 个",
            "    type: money\n    unit: 个",
            "test_form.yml: columns.0: Value error, a money column needs unit 元 or 万元: what a bare figure is in",
        ),
        (
            "    description: A figure",
            "    description: A figure\n  - {name: figure, label: 另, type: text, description: Again}",
            "test_form.yml: form: Value error, columns named twice: figure",
        ),
    ],
)
def test_bad_spec_is_refused_with_file_key_and_reason(tmp_path: Path, before: str, after: str, message: str) -> None:
    assert refusal(tmp_path, SPEC.replace(before, after)) == message


def test_spec_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "form: [").startswith("test_form.yml: not valid YAML: ")


def test_two_specs_of_one_form_are_refused(tmp_path: Path) -> None:
    (tmp_path / "again.yml").write_text(SPEC, encoding="utf-8")
    assert "test_form.yml: form: 'test_form' is already defined in another file" in refusal(tmp_path, SPEC)


def test_version_changes_with_any_spec(tmp_path: Path) -> None:
    first = load(tmp_path, SPEC).version
    assert load(tmp_path, SPEC).version == first
    assert load(tmp_path, SPEC.replace("数目", "个数")).version != first
