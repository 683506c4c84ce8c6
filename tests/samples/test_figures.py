"""The project's own list of published figures holds every figure of the reports, and knows how each compares."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from samples.figures import Relation, load_figures

PROJECT = Path(__file__).parents[2]
PUBLISHED = PROJECT.parent / "shared" / "domain" / "published_figures.csv"


def test_every_published_figure_is_in_the_list() -> None:
    if not PUBLISHED.exists():
        pytest.skip(f"the published figures are not here: {PUBLISHED}")
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = [(r["figure_id"], int(r["report"]), Decimal(r["value"])) for r in csv.DictReader(file)]
    assert [(figure.id, figure.report, figure.value) for figure in load_figures()] == published


def test_figures_have_words_of_their_own() -> None:
    figures = load_figures()
    assert len({figure.id for figure in figures}) == len(figures) == 118
    assert [figure.id for figure in figures if not (figure.label_zh and figure.label_en and figure.unit)] == []


@pytest.mark.parametrize(
    ("relation", "computed", "published", "holds"),
    [
        (Relation.EQUALS, "7.250000", "7.25", True),
        (Relation.EQUALS, "7.26", "7.25", False),
        (Relation.ROUNDED, "16.883", "17", True),
        (Relation.ROUNDED, "15.85", "15.8", False),
        (Relation.ROUNDED, "15.849", "15.8", True),
        (Relation.AT_LEAST, "600", "600", True),
        (Relation.AT_LEAST, "599.9", "600", False),
        (Relation.ABOVE, "10", "10", False),
        (Relation.ABOVE, "10.01", "10", True),
        (Relation.BELOW, "3", "3", False),
        (Relation.BELOW, "2.99", "3", True),
    ],
)
def test_relation_says_whether_a_value_agrees(relation: Relation, computed: str, published: str, holds: bool) -> None:
    assert relation.holds(Decimal(computed), Decimal(published)) is holds
