"""The figures that the reports publish come back from the marts, computed from the sample's workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from jiceng.figures import Outcome, compare
from samples.figures import Figure, load_figures

if TYPE_CHECKING:
    from tests.end_to_end.sample.conftest import SampleNight


@pytest.mark.parametrize("figure", [figure for figure in load_figures() if figure.sql], ids=lambda figure: figure.id)
def test_the_marts_give_the_published_figure_back(night_built: SampleNight, figure: Figure) -> None:
    with duckdb.connect(str(night_built.settings.build_database), read_only=True) as connection:
        connection.execute("set schema = 'marts'")

        def run(sql: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        (compared,) = compare([figure], run)
    assert compared.outcome is Outcome.AGREES, (compared.computed, compared.reason)


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
