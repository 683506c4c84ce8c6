"""What alerts say, in Chinese, then English: how much is wrong, the worst of it, where to look, what still serves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb

from delivery.alerts import Alert, AlertKind
from delivery.failures import FailedCheck, FailedRow, failed_checks
from ingestion.moments import ZONE_EN, ZONE_ZH, clock
from ingestion.personal import shown_lines
from warehouse.snapshot import SnapshotError, connect

Language = Literal["zh", "en"]

SEVERITIES = {"critical": "严重", "error": "错误", "warning": "警告", "info": "提示"}
TASKS = {
    "intake": "收件",
    "update_register": "更新名册",
    "read": "读表",
    "build": "建集市",
    "check": "检核",
    "publish": "发布",
    "tell": "通知",
}
ROWS_OF_A_BLOCKED_NIGHT = "jiceng query --build \"select * from check_failure where severity = 'critical'\""
"""A night that published nothing left its failing rows in the build alone."""
CHECKS_SHOWN = 5
ROWS_SHOWN = 3  # of each check


def night_blocked(database: Path, *, run_id: str, published: Path | None = None) -> Alert:
    """Nothing was published because critical checks of this night failed; `database` is the build that was judged."""
    checks = failed_checks(database, run_id, rows_each=ROWS_SHOWN)
    critical = sum(check.severity == "critical" for check in checks)
    zh = [
        f"{_night(run_id, 'zh')} 的一晚没有发布，未通过的检核：{_counts(checks, 'zh') or '结果读不出来，请看日志'}。",
        _serving(published, "zh"),
        "",
        *_worst(checks, "zh"),
        "去哪里看：",
        "  jiceng status",
        f"  严重的各行：{ROWS_OF_A_BLOCKED_NIGHT}",
        "怎么办：请责任部门按“办法”处理，或请报送单位更正后重报；放入收件箱后运行 jiceng run，或在 Airflow 中重跑。",
    ]
    failed = _counts(checks, "en") or "the results cannot be read, see the log"
    send_again = "put it into the inbox and run jiceng run, or run the night again in Airflow."
    en = [
        f"The night of {_night(run_id, 'en')} published nothing. Checks that failed: {failed}.",
        _serving(published, "en"),
        "",
        *_worst(checks, "en"),
        "Where to look:",
        "  jiceng status",
        f"  every critical row: {ROWS_OF_A_BLOCKED_NIGHT}",
        f"What to do: the owner follows the remedy, or the unit that reported sends its return again; {send_again}",
    ]
    zh_number, en_number = (f"{critical} 项", f"{critical} ") if critical else ("", "")
    title = f"【基层】{zh_number}严重检核未通过，没有发布 · {en_number}critical check(s) failed, nothing published"
    return Alert(AlertKind.NIGHT_BLOCKED, title, _one_after_the_other(zh, en))


def task_failed(*, run_id: str, task: str, error: str, log: str, published: Path | None = None) -> Alert:
    """A task of the night failed for good; `log` is where its log lies, a path or an address."""
    name_zh = f"{task}（{TASKS[task]}）" if task in TASKS else task
    zh = [
        f"{_night(run_id, 'zh')} 的一晚，任务 {name_zh} 失败，不再自动重试。",
        _serving(published, "zh"),
        "",
        "原因：",
        *_reason(error),
        "",
        "去哪里看：",
        "  jiceng status",
        f"  日志：{log}",
        "怎么办：排除原因后，在 Airflow 中清除该任务，或运行 jiceng run；任何一步都可以重跑，结果相同。",
    ]
    again = "every step may be run again and leaves the same result."
    en = [
        f"In the night of {_night(run_id, 'en')} the task {task} failed; it will not be tried again by itself.",
        _serving(published, "en"),
        "",
        "Why:",
        *_reason(error),
        "",
        "Where to look:",
        "  jiceng status",
        f"  log: {log}",
        f"What to do: mend the cause, then clear the task in Airflow or run jiceng run; {again}",
    ]
    title = f"【基层】任务 {name_zh} 失败 · task {task} failed"
    return Alert(AlertKind.TASK_FAILED, title, _one_after_the_other(zh, en))


def _one_after_the_other(zh: Sequence[str], en: Sequence[str]) -> str:
    return shown_lines("\n".join([*zh, "", "—" * 12, "", *en]))  # what an error repeats may be anything


def _counts(checks: Sequence[FailedCheck], language: Language) -> str:
    """严重 2 项（14 行），警告 1 项（3 行）"""
    parts = []
    for severity, severity_zh in SEVERITIES.items():
        alike = [check.rows_failed for check in checks if check.severity == severity]
        if alike and language == "zh":
            parts.append(f"{severity_zh} {len(alike)} 项（{sum(alike)} 行）")
        elif alike:
            parts.append(f"{len(alike)} {severity} ({sum(alike)} rows)")
    return ("，" if language == "zh" else ", ").join(parts)


def _worst(checks: Sequence[FailedCheck], language: Language) -> list[str]:
    """The gravest checks, each with its first rows."""
    lines = [line for number, check in enumerate(checks[:CHECKS_SHOWN], 1) for line in _check(number, check, language)]
    if (more := len(checks) - CHECKS_SHOWN) > 0:
        lines.append(f"另有 {more} 项检核未通过" if language == "zh" else f"and {more} more check(s)")
    return [*lines, ""] if lines else []


def _check(number: int, check: FailedCheck, language: Language) -> list[str]:
    more = check.rows_failed - len(check.rows)
    if language == "zh":
        severity = SEVERITIES.get(check.severity, check.severity)
        lines = [
            f"{number}. [{severity}] {check.zh}（{check.owner}，{check.check_id}）",
            "" if check.could_run else "这项检核没能执行，请看日志",
            *(f"{_where(row)}：{row.zh}" for row in check.rows),
            f"另有 {more} 行" if more > 0 else "",
            f"办法：{check.remedy_zh}" if check.remedy_zh else "",
        ]
    else:
        lines = [
            f"{number}. [{check.severity}] {check.en} ({check.owner}, {check.check_id})",
            "" if check.could_run else "this check could not be run, see the log",
            *(f"{_where(row)}: {row.en}" for row in check.rows),
            f"and {more} more row(s)" if more > 0 else "",
            f"Remedy: {check.remedy_en}" if check.remedy_en else "",
        ]
    return [lines[0], *(f"   {line}" for line in lines[1:] if line)]


def _where(row: FailedRow) -> str:
    """File, sheet and cell; then whom and when it is about; then what stands there."""
    place = "!".join(part for part in (row.sheet_name, row.cell) if part)
    value = f"“{row.value}”" if row.value else ""
    return " ".join(part for part in (row.file_name, place, row.branch_name, row.period, value) if part)


def _serving(published: Path | None, language: Language) -> str:
    """Which version answers queries meanwhile."""
    zh = language == "zh"
    if published is None:
        return "已发布的数据照常提供查询。" if zh else "What was published before goes on serving."
    try:
        with connect(published) as snapshot:
            row = snapshot.execute("select run_id, published_at from snapshot_info").fetchone()
    except SnapshotError:
        return "还没有发布过数据，暂无可查询的集市。" if zh else "Nothing has been published yet, so nothing serves."
    except duckdb.Error:
        row = None
    if row is None:
        return "正在提供查询的版本读不出来。" if zh else "The version that serves cannot be read."
    run_id, published_at = row
    if zh:
        return f"仍由{ZONE_ZH} {clock(published_at)} 发布的版本（{run_id}）提供查询。"
    return f"The version published at {clock(published_at)} {ZONE_EN} ({run_id}) goes on serving."


def _night(run_id: str, language: Language) -> str:
    """The moment a night is named by, as a clock in China showed it."""
    try:
        moment = datetime.strptime(run_id, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return run_id
    return f"{ZONE_ZH} {clock(moment)}" if language == "zh" else f"{clock(moment)} {ZONE_EN}"


_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")


def _reason(error: str) -> list[str]:
    """The last lines of an error, which say why; without the password of an address in it."""
    said = _PASSWORD.sub(r"\1:****@", error.strip()).splitlines() or ["没有说明 no reason given"]
    return [f"  {line[:300]}" for line in said[-20:]]
