"""The figures that the reports publish come back from the marts, computed from the sample's workbooks."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import yaml

if TYPE_CHECKING:
    from tests.end_to_end.sample.conftest import SampleNight

PROJECT = Path(__file__).parents[3]
PUBLISHED = PROJECT.parent / "shared" / "domain" / "published_figures.csv"
SPEC: dict[str, Any] = yaml.safe_load((PROJECT / "samples" / "figures.yml").read_text(encoding="utf-8"))

RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "equals": lambda found, published: found == published,
    "above": lambda found, published: found > published,
    "below": lambda found, published: found < published,
    "rounded": lambda found, published: round(found) == published,
}


def published_figures() -> dict[str, float]:
    if not PUBLISHED.exists():
        pytest.skip(f"the published figures are not here: {PUBLISHED}")
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {row["figure_id"]: float(row["value"]) for row in csv.DictReader(file)}


def test_every_figure_of_the_first_night_has_a_query() -> None:
    wanted = [f"M-{n:02d}" for n in (*range(2, 6), *range(49, 67))] + ["K-01", "K-02", "K-22"]
    assert [figure for figure in wanted if figure not in SPEC["figures"]] == []


@pytest.mark.parametrize("figure", SPEC["figures"])
def test_the_marts_give_the_published_figure_back(night_built: SampleNight, figure: str) -> None:
    published = published_figures()[figure]
    how = SPEC["figures"][figure]
    query = how["sql"].format(scope=SPEC["scopes"][how["scope"]], period=how["period"])
    with duckdb.connect(str(night_built.settings.build_database), read_only=True) as connection:
        connection.execute("set schema = 'marts'")
        rows = connection.execute(query).fetchall()
    assert len(rows) == 1
    assert RELATIONS[how["relation"]](float(rows[0][0]), published), rows


def test_a_correction_counts_for_what_it_corrects(night_built: SampleNight) -> None:
    """A township of the county reports 30 members too many at the end of 2014 and corrects it three days later."""
    with duckdb.connect(str(night_built.settings.build_database), read_only=True) as connection:
        (corrected,) = connection.execute(
            f"""
            select branch_code, list(members order by received_at) as versions
            from read_parquet('{night_built.settings.lake}/raw/membership/*.parquet')
            where period = '2014-Q4'
            group by branch_code
            having count(distinct members) > 1
            """
        ).fetchall()
        in_mart = connection.execute(
            "select members from marts.member_recruitment where period = '2014-Q4' and branch_code = ?", corrected[:1]
        ).fetchone()
    first, second = corrected[1]
    assert (first - second, in_mart) == (30, (second,))
