"""The checks over the whole sample: none breaks, none blocks, and what they say can be read and found again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from tests.end_to_end.sample.conftest import SampleNight


def rows(night: SampleNight, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(night.settings.build_database, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_no_check_breaks_and_the_critical_ones_pass(night_checked: SampleNight) -> None:
    found = rows(night_checked, "select check_id, status from quality.check_result where status = 'error'")
    critical = rows(night_checked, "select distinct status from quality.check_result where severity = 'critical'")
    assert (found, critical) == ([], [("pass",)])


def test_every_check_but_those_of_left_out_kinds_had_rows_to_judge(night_checked: SampleNight) -> None:
    idle = rows(night_checked, "select check_id from quality.check_result where status = 'no_data' order by all")
    assert idle in ([], [("funding_kinds_above_total",)])


def test_every_failure_says_which_cell_and_in_both_languages(night_checked: SampleNight) -> None:
    failures = rows(
        night_checked, "select file_name, sheet_name, cell, value, text_zh, text_en from quality.check_failure"
    )
    assert failures
    for file_name, sheet_name, cell, value, text_zh, text_en in failures:
        assert file_name
        assert sheet_name is not None
        assert re.fullmatch(r"[A-Z]{1,2}[1-9]\d*", cell)
        assert value
        assert re.search(r"[\u4e00-\u9fff]", text_zh)
        assert not re.search(r"[{}]|nan|None", text_zh + text_en)
