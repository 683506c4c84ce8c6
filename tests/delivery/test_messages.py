"""What the alerts say, word for word."""
# ruff: noqa: E501

from __future__ import annotations

import re
from pathlib import Path

from delivery.alerts import AlertKind
from delivery.messages import night_blocked, task_failed

RUN_ID = "20150101T170000Z"

BLOCKED = """\
北京时间 2015-01-02 01:00 的一晚没有发布，未通过的检核：严重 2 项（5 行），错误 1 项（1 行），警告 1 项（2 行）。
仍由北京时间 2015-01-01 01:06 发布的版本（20141231T170000Z）提供查询。

1. [严重] 不为负（组织部，funding_whole）
   青山县/柳河镇/2014-12.xlsx 运转经费!D7 石桥村 2014-Q4 “-000.00”：应不小于 0
   青山县/柳河镇/2014-12.xlsx 运转经费!D8 石桥村 2014-Q4 “-100.00”：应不小于 0
   青山县/柳河镇/2014-12.xlsx 运转经费!D9 石桥村 2014-Q4 “-200.00”：应不小于 0
   另有 2 行
   办法：请重报
2. [严重] 党员数有来源（组织部，members_known）
   这项检核没能执行，请看日志
3. [错误] 未硬化不超总里程（交通局，roads_fit）
   青山县/柳河镇/2014-12.xlsx 道路!C8 2014-H2 “9 @all”：不合理
   办法：核对
4. [警告] 建成年份合理（组织部，venue_year）
   另有 2 行
   办法：核对

去哪里看：
  jiceng status
  严重的各行：jiceng query --build "select * from check_failure where severity = 'critical'"
怎么办：请责任部门按“办法”处理，或请报送单位更正后重报；放入收件箱后运行 jiceng run，或在 Airflow 中重跑。

————————————

The night of 2015-01-02 01:00 Beijing time published nothing. Checks that failed: 2 critical (5 rows), 1 error (1 rows), 1 warning (2 rows).
The version published at 2015-01-01 01:06 Beijing time (20141231T170000Z) goes on serving.

1. [critical] Not negative (组织部, funding_whole)
   青山县/柳河镇/2014-12.xlsx 运转经费!D7 石桥村 2014-Q4 “-000.00”: should be at least 0
   青山县/柳河镇/2014-12.xlsx 运转经费!D8 石桥村 2014-Q4 “-100.00”: should be at least 0
   青山县/柳河镇/2014-12.xlsx 运转经费!D9 石桥村 2014-Q4 “-200.00”: should be at least 0
   and 2 more row(s)
   Remedy: Send again
2. [critical] Members are known (组织部, members_known)
   this check could not be run, see the log
3. [error] Unpaved is a part (交通局, roads_fit)
   青山县/柳河镇/2014-12.xlsx 道路!C8 2014-H2 “9 @all”: implausible
   Remedy: Check
4. [warning] Year built is plausible (组织部, venue_year)
   and 2 more row(s)
   Remedy: Check

Where to look:
  jiceng status
  every critical row: jiceng query --build "select * from check_failure where severity = 'critical'"
What to do: the owner follows the remedy, or the unit that reported sends its return again; put it into the inbox and run jiceng run, or run the night again in Airflow."""


def test_blocked_night_says_what_failed_worst_where_to_look_and_what_serves(build: Path, published: Path) -> None:
    alert = night_blocked(build, run_id=RUN_ID, published=published)
    assert alert.kind is AlertKind.NIGHT_BLOCKED
    assert alert.title == "【基层】2 项严重检核未通过，没有发布 · 2 critical check(s) failed, nothing published"
    assert alert.body == BLOCKED.format(build=build)


def test_blocked_night_is_told_even_when_the_results_cannot_be_read(tmp_path: Path) -> None:
    alert = night_blocked(tmp_path / "absent.duckdb", run_id=RUN_ID, published=tmp_path / "nothing")
    assert alert.title == "【基层】严重检核未通过，没有发布 · critical check(s) failed, nothing published"
    assert alert.body.splitlines()[:3] == [
        "北京时间 2015-01-02 01:00 的一晚没有发布，未通过的检核：结果读不出来，请看日志。",
        "还没有发布过数据，暂无可查询的集市。",
        "",
    ]
    assert "Nothing has been published yet, so nothing serves." in alert.body


def test_failed_task_says_why_where_the_log_is_and_what_serves(published: Path) -> None:
    error = "connection to postgresql://jiceng:pa55word@db/jiceng failed\nno route"
    log = "http://airflow.example:8080/dags/nightly_returns/runs/x/tasks/build"
    alert = task_failed(run_id=RUN_ID, task="build", error=error, log=log, published=published)
    assert alert.kind is AlertKind.TASK_FAILED
    assert alert.title == "【基层】任务 build（建集市） 失败 · task build failed"
    assert (
        alert.body
        == f"""\
北京时间 2015-01-02 01:00 的一晚，任务 build（建集市） 失败，不再自动重试。
仍由北京时间 2015-01-01 01:06 发布的版本（20141231T170000Z）提供查询。

原因：
  connection to postgresql://jiceng:****@db/jiceng failed
  no route

去哪里看：
  jiceng status
  日志：{log}
怎么办：排除原因后，在 Airflow 中清除该任务，或运行 jiceng run；任何一步都可以重跑，结果相同。

————————————

In the night of 2015-01-02 01:00 Beijing time the task build failed; it will not be tried again by itself.
The version published at 2015-01-01 01:06 Beijing time (20141231T170000Z) goes on serving.

Why:
  connection to postgresql://jiceng:****@db/jiceng failed
  no route

Where to look:
  jiceng status
  log: {log}
What to do: mend the cause, then clear the task in Airflow or run jiceng run; every step may be run again and leaves the same result."""
    )


def test_failed_task_shows_the_end_of_a_long_error() -> None:
    error = "\n".join(f"line {number}" for number in range(500))
    alert = task_failed(run_id="manual", task="other", error=error, log="data/logs")
    lines = re.findall(r"^  line (\d+)$", alert.body, flags=re.M)
    assert lines == [str(number) for number in range(480, 500)] * 2
    assert alert.body.startswith("manual 的一晚，任务 other 失败")
    assert "已发布的数据照常提供查询。" in alert.body
