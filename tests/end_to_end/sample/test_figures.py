"""The figures that the reports publish come back from the marts, computed from the sample's workbooks."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from jiceng import night
from jiceng.figures import Comparison, Outcome, compare
from jiceng.settings import Settings
from samples.city import SampleWriter
from samples.figures import Figure, load_figures
from samples.truth import LAST_MONTH
from samples.writing import write_workbook

if TYPE_CHECKING:
    from tests.end_to_end.sample.conftest import SampleNight

AGAIN = "20150202T170000Z"


def compared(settings: Settings, *figures: Figure) -> tuple[Comparison, ...]:
    with duckdb.connect(str(settings.build_database), read_only=True) as connection:
        connection.execute("set schema = 'marts'")

        def run(sql: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        return compare(figures, run)


@pytest.mark.parametrize("figure", [figure for figure in load_figures() if figure.sql], ids=lambda figure: figure.id)
def test_the_marts_give_the_published_figure_back(night_built: SampleNight, figure: Figure) -> None:
    (found,) = compared(night_built.settings, figure)
    assert found.outcome is Outcome.AGREES, (found.computed, found.reason)


def test_a_workbook_that_says_otherwise_changes_the_figure(night_built: SampleNight, tmp_path: Path) -> None:
    """A township sends its workbook of December 2014 again, with ten households more; no other figure moves."""
    settings = Settings(data_dir=tmp_path / "data")
    shutil.copytree(night_built.settings.data_dir, settings.data_dir, symlinks=True)
    sample = SampleWriter(2014)
    site = sample.site(sample.truth.places.townships[0], LAST_MONTH)
    support = site.form("support_outcomes")
    branch = support.branch(0)
    support.put(branch, "households_driven", int(str(support.value(branch, "households_driven") or 0)) + 10)
    support.workbook.saved_at += timedelta(days=20)
    write_workbook(support.workbook, settings.inbox)
    night.intake(settings, AGAIN)
    for batch in night.update_register(settings, AGAIN).batches:
        night.read(settings, AGAIN, batch)
    night.build(settings, AGAIN)
    moved = {
        found.figure.id: found.difference
        for found in compared(settings, *(figure for figure in load_figures() if figure.sql))
        if found.outcome is not Outcome.AGREES
    }
    per_household = moved.pop("M-48")
    assert moved == {"M-43": 10}
    assert per_household is not None
    assert per_household < 0


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
