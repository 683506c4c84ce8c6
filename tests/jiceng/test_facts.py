"""A night's facts in words: nothing reads as all clean that is not."""

from __future__ import annotations

import pytest

from jiceng.facts import Checked, Facts, Published, Told


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Checked(checks=71), "71 项检核 checks，全部通过 all passed"),
        (Checked(checks=71, no_data=71), "71 项检核 checks，无数据可检 71 had no data"),
        (Checked(checks=71, no_data=1), "71 项检核 checks，通过 70 passed，无数据可检 1 had no data"),
        (
            Checked(checks=71, failed={"error": 15}, no_data=2),
            "71 项检核 checks，未通过 failed: 错误 15，无数据可检 2 had no data",
        ),
        (Told(), "没有严重问题，未通知任何人 nothing critical, nobody was alerted"),
        (
            Told(errors=35, failed_checks=22),
            (
                "没有严重问题，未通知任何人 nothing critical, nobody was alerted；请看 to look at: "
                "读表错误 35 errors of reading，未通过的检核 22 failed checks"
            ),
        ),
        (Told("failed"), "失败的任务已单独通知 the task that failed was told by itself"),
        (Told("blocked", 1), "已通知 1 处 told 1"),
        (Published("marts_1.duckdb"), "marts_1.duckdb"),
        (
            Published("marts_1.duckdb", "2014-08-15"),
            (
                "as_of/2014-08-15/marts_1.duckdb，另存，提供查询的版本不变 kept apart, what serves is unchanged; "
                "查询 to read it: jiceng query --as-of 2014-08-15"
            ),
        ),
    ],
)
def test_facts_say_what_is_so(facts: Facts, said: str) -> None:
    assert str(facts) == said
