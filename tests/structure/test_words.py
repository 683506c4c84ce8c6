"""Every text that reaches people stands there in Chinese and in English."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from ingestion.findings import catalogue
from ingestion.forms import load_forms

PROJECT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FORMS = load_forms()
TEXTS = {".csv", ".md", ".py", ".sql", ".yml"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_finding_has_words_in_both_languages(code: str) -> None:
    wording = catalogue()[code]
    assert CHINESE.search(wording.zh)
    assert CHINESE.search(wording.remedy_zh)
    assert not CHINESE.search(re.sub(r"[“\"].*?[”\"]|无|是|否|填报单位|运转经费|活动场所|2014年3月", "", wording.en))
    assert wording.remedy_en
    assert placeholders(wording.zh) == placeholders(wording.en)


@pytest.mark.parametrize("form", FORMS.forms, ids=lambda form: form.form)
def test_form_is_described(form: object) -> None:
    from ingestion.forms import FormSpec

    assert isinstance(form, FormSpec)
    assert CHINESE.search(form.label.zh)
    assert form.label.en
    assert CHINESE.search(form.owner)
    assert form.titles
    assert [column.name for column in form.columns if not column.description.strip()] == []


def test_every_finding_code_in_the_catalogue_is_used() -> None:
    """A code that no line of the reader makes is a promise nobody keeps."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "ingestion").rglob("*.py"))
    assert [code for code in sorted(catalogue()) if f'"{code}"' not in source] == []


def test_quarantine_has_one_name_in_chinese() -> None:
    """待处理区 says to a clerk that something is to be done there; 隔离 stood beside it for the same."""
    rooms = ("dags", "dbt_project", "delivery", "docs", "expectations", "ingestion", "jiceng", "warehouse")
    texts = [path for room in rooms for path in (PROJECT / room).rglob("*.*") if path.suffix in TEXTS]
    texts += [path for path in PROJECT.glob("*.md") if path.name != "CHANGELOG.md"]  # which says what was
    found = [path.relative_to(PROJECT).as_posix() for path in texts if "隔离" in path.read_text(encoding="utf-8")]
    assert [name for name in found if "/target/" not in name] == []
