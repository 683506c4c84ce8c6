"""Suites: what is asked of the returns, as frozen data read from YAML. A new rule is a new row there.

A suite judges the rows of one query below `reference/`; a rule asks one Great Expectations expectation of them. A rule
with several `fields` asks it of each: `*` in its arguments and texts then stands for the field's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingestion.findings import Severity
from ingestion.forms import Column, Forms, FormSpec

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LABEL = "label"  # the placeholder for what the field is called


class ChecksError(Exception):
    """Checks that cannot be made: says what is wrong, where, and what to do."""


class Kind(StrEnum):
    """What a rule holds a return against."""

    DOMAIN = "domain"  # what can be at all
    CROSS_FIELD = "cross_field"  # other fields of the same row
    HISTORY = "history"  # what the branch reported at other times
    PEER = "peer"  # what others of the county report
    CROSS_FORM = "cross_form"  # what another return or the register says
    SYSTEMIC = "systemic"  # the night as a whole


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Frozen):
    """A text in Chinese and in English."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _same_placeholders(self) -> Words:
        """A column that is itself a text comes as a pair, such as label_zh and label_en."""
        chinese = {name.removesuffix("_zh") for name in _PLACEHOLDER.findall(self.zh)}
        english = {name.removesuffix("_en") for name in _PLACEHOLDER.findall(self.en)}
        if chinese != english:
            raise ValueError(f"zh and en hold different placeholders: {', '.join(sorted(chinese ^ english))}")
        return self


class Rule(_Frozen):
    """One rule: `text` says what it asks for, `failure` what is wrong with a row that breaks it.

    `expectation` and `kwargs` are Great Expectations' own. Placeholders of `failure` are columns of the reference
    query, and {label}. The first of `fields` that fails is where the cell is marked.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    kind: Kind
    severity: Severity
    owner: str | None = None  # the suite's, unless the rule has one of its own
    reference: str | None = None
    fields: tuple[str, ...] = ()
    expectation: Annotated[str, Field(pattern=r"^expect_[a-z_]+$")]
    kwargs: dict[str, Any]
    text: Words
    failure: Words
    remedy: Words


class Suite(_Frozen):
    """The rules of one form, or of the night as a whole when `form` is empty."""

    suite: str
    form: str | None
    owner: str
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _has_rules(self) -> Suite:
        if not self.rules:
            raise ValueError("a suite needs at least one rule")
        return self


@dataclass(frozen=True, slots=True)
class Question:
    """One expectation to put to a reference query's rows: a rule, about one of its fields."""

    rule: Rule
    form: FormSpec | None
    column: Column | None
    kwargs: Mapping[str, Any]

    def named(self, placeholder: str) -> str:
        """The column that a placeholder stands for."""
        return placeholder.replace("*", self.column.name) if self.column else placeholder


@dataclass(frozen=True, slots=True)
class Check:
    """A rule in its place: with the suite's form and owner."""

    rule: Rule
    form: FormSpec | None
    owner: str
    reference: str

    @property
    def id(self) -> str:
        return self.rule.id

    def questions(self) -> Iterator[Question]:
        fields: tuple[str | None, ...] = self.rule.fields or (None,)
        for name in fields:
            column = self.form.by_name[name] if self.form and name else None
            kwargs = {key: _starred(value, column) for key, value in self.rule.kwargs.items()}
            yield Question(self.rule, self.form, column, kwargs)


def load_checks(directory: Path, forms: Forms) -> tuple[Check, ...]:
    """Every rule of every suite, in the order of the files. Raises ChecksError, naming file, key and reason."""
    checks: dict[str, Check] = {}
    paths = sorted(directory.glob("*.yml"))
    if not paths:
        raise ChecksError(f"没有检核规则 · no suites of checks in {directory.name}")
    for path in paths:
        suite = _load(path)
        for number, rule in enumerate(suite.rules):
            where = f"{path.name}: rules.{number} ({rule.id})"
            if rule.id in checks:
                raise ChecksError(f"{where}: id: 另一条规则已用此编号 · another rule has this id")
            checks[rule.id] = _placed(suite, rule, forms, where)
    return tuple(checks.values())


def _load(path: Path) -> Suite:
    try:
        suite = Suite.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ChecksError(f"{path.name}: 不是有效的 YAML · not valid YAML: {error}") from error
    except ValidationError as error:
        lines = [f"{path.name}: {'.'.join(map(str, it['loc'])) or 'suite'}: {it['msg']}" for it in error.errors()]
        raise ChecksError("\n".join(lines)) from error
    if suite.suite != path.stem:
        raise ChecksError(f"{path.name}: suite: 应与文件名相同 · should be the file's name, {path.stem!r}")
    return suite


def _placed(suite: Suite, rule: Rule, forms: Forms, where: str) -> Check:
    """The rule as a check, if its names are known."""
    form = forms.by_name.get(suite.form) if suite.form else None
    if suite.form and not form:
        raise ChecksError(f"{where}: form: 没有这张报表 · there is no form {suite.form!r}")
    unknown = [name for name in rule.fields if not form or name not in form.by_name]
    if unknown:
        raise ChecksError(f"{where}: fields: 报表没有这些栏目 · the form has no such fields: {', '.join(unknown)}")
    if not rule.fields and "*" in f"{rule.kwargs}{rule.failure}":
        raise ChecksError(f"{where}: fields: 用了 * 却没有列出栏目 · * stands for a field, but none is listed")
    reference = rule.reference or suite.suite
    return Check(rule, form, rule.owner or suite.owner, reference)


def _starred(value: Any, column: Column | None) -> Any:
    if column and isinstance(value, str):
        return value.replace("*", column.name)
    if column and isinstance(value, list):
        return [_starred(item, column) for item in value]
    return value
