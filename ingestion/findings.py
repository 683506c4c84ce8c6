"""Findings: what the reader has to say about a return, and the catalogue that gives it words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

CATALOGUE = Path(__file__).with_name("findings.yml")

# What fills the placeholders of a finding's texts; a pair reads differently in Chinese and in English.
Details = Mapping[str, str | tuple[str, str]]


class Severity(StrEnum):
    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Wording(BaseModel):
    """Severity and texts of one kind of finding, in Chinese and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was not as it should be, and where: `cell` is D17 or D6:D31, `row_number` counts from 1.

    `original` is the cell's text as it stood; `details` fill the placeholders of the catalogue's texts. A detail that
    reads differently in the two languages is given as the pair (Chinese, English).
    """

    code: str
    sheet_name: str | None = None
    cell: str | None = None
    row_number: int | None = None
    form: str | None = None
    field: str | None = None
    period: str | None = None
    reporting_unit_code: str | None = None
    branch_code: str | None = None
    branch_name: str | None = None
    original: str | None = None
    details: Details = dataclasses.field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return catalogue()[self.code].severity

    def text_zh(self) -> str:
        return catalogue()[self.code].zh.format_map(self._details(0))

    def text_en(self) -> str:
        return catalogue()[self.code].en.format_map(self._details(1))

    def remedy_zh(self) -> str:
        return catalogue()[self.code].remedy_zh.format_map(self._details(0))

    def remedy_en(self) -> str:
        return catalogue()[self.code].remedy_en.format_map(self._details(1))

    def _details(self, language: int) -> dict[str, str]:
        return {key: value if isinstance(value, str) else value[language] for key, value in self.details.items()}


@cache
def catalogue() -> dict[str, Wording]:
    """Every finding code and its wording."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(CATALOGUE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe loaders
    return {code: Wording.model_validate(wording) for code, wording in content.items()}
