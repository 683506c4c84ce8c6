"""docs/findings.md says what the catalogue says."""

from __future__ import annotations

from pathlib import Path

from ingestion.finding_pages import render
from ingestion.findings import catalogue

PAGE = Path(__file__).resolve().parents[2] / "docs" / "findings.md"


def test_page_is_what_the_catalogue_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(catalogue())
