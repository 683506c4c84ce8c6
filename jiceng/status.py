"""`jiceng status`: how the last night went, what serves, and where to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from ingestion.ledger import Ledger
from ingestion.ledger_records import FileStatus, Night, NightState, ReceivedFile
from ingestion.moments import ZONE_EN, ZONE_ZH, clock
from jiceng import screen
from jiceng.facts import NightFacts
from jiceng.one_night import is_at_work
from jiceng.settings import Settings

_STATES = {
    NightState.RUNNING: ("进行中 running", "yellow"),
    NightState.PUBLISHED: ("已发布 published", "green"),
    NightState.BLOCKED: ("未发布：严重检核未通过 not published: a critical check failed", "bold red"),
    NightState.FAILED: ("失败 failed", "bold red"),
}


_REFUSED_SHOWN = 10
FINDINGS = (
    'jiceng query \'select 文件, 工作表, 单元格, 原文, 问题, 处理办法 from "中文"."读表问题" order by 收到时间 desc\''
)
FAILURES = (
    'jiceng query \'select 文件, 工作表, 单元格, 党组织名称, 数值, 说明 from "中文"."检核不符明细" order by 文件\''
)


@dataclass(frozen=True, slots=True)
class Status:
    """What there is to say; `in_inbox` counts what lies there now, `serving` is the snapshot that answers queries.

    `refused` are the files of the last night that were not taken or not read, and why.
    """

    nights: tuple[Night, ...]
    files: dict[FileStatus, int]
    refused: tuple[ReceivedFile, ...]
    in_inbox: int
    serving: Path | None
    at_work: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "nights": [
                {
                    "run_id": night.run_id,
                    "state": str(night.state),
                    "started_at": night.started_at.isoformat(),
                    "finished_at": night.finished_at.isoformat() if night.finished_at else None,
                    "as_of": night.as_of.isoformat() if night.as_of else None,
                    "failed_task": night.failed_task,
                    "facts": dict(night.facts),
                }
                for night in self.nights
            ],
            "files": {str(status): number for status, number in self.files.items()},
            "refused": [{"file_name": file.file_name, "reason": file.reason} for file in self.refused],
            "in_inbox": self.in_inbox,
            "serving": self.serving.name if self.serving else None,
            "at_work": self.at_work,
        }


def look(settings: Settings, nights: int) -> Status:
    from ingestion.inbox import look_through
    from warehouse.versions import current

    with Ledger.open(settings.ledger_url) as ledger:
        latest, files = ledger.nights(nights), ledger.file_counts()
        refused = ledger.refused_in(latest[0].run_id) if latest else ()
    ready = look_through(settings.inbox, settings.quiet_seconds)[0] if settings.inbox.is_dir() else []
    return Status(latest, files, refused, len(ready), current(settings.published), is_at_work(settings.data_dir))


def show(status: Status, settings: Settings) -> None:
    if status.nights:
        last, *earlier = status.nights
        _show_night(last, status)
        if earlier:
            _show_earlier(earlier)
    else:
        screen.out.print("还没有运行过一晚 No night has run yet\n", style="bold")
    _show_store(status, settings)
    _show_where(status, settings)


def _show_night(night: Night, status: Status) -> None:
    facts = NightFacts.from_json(night.facts)
    words, style = _STATES[night.state]
    if night.state is NightState.RUNNING and not status.at_work:
        words, style = "中断，或正在两步之间 interrupted, or between two steps", "yellow"
    if facts.published and facts.published.as_of:
        words = f"{words}（另存，提供查询的版本不变 kept apart, what serves is unchanged）"
    elif facts.published and not _serves(facts.published.snapshot, status):
        words, style = "已发布，但现已不提供查询 published, but no longer serving", "bold yellow"
    screen.out.print(
        Text(f"最近一晚 Last night  {clock(night.started_at)} {ZONE_ZH} {ZONE_EN}  ", style="bold"), end=""
    )
    screen.out.print(Text(words, style=style))
    rows = _pairs()
    for label, fact in (
        ("截至 As of", night.as_of),
        ("收件 Received", facts.received),
        ("名册 Register", facts.registered),
        ("读入 Landed", facts.landed),
        ("构建 Built", facts.built),
        ("检核 Checked", facts.checked),
        ("发布 Published", facts.published),
        ("通知 Told", facts.told),
        ("停在 Stopped at", screen.step_name(night.failed_task) if night.failed_task else None),
        ("原因 Because", facts.error),
    ):
        if fact is not None:
            rows.add_row(Text(label, style="dim"), Text(str(fact)))
    screen.show(rows)
    for file in facts.received.left if facts.received else ():
        screen.out.print(Text(f"  留在收件箱 left in the inbox: {file['file_name']}：{file['zh']} {file['en']}"))
    for refused in status.refused[:_REFUSED_SHOWN]:
        screen.out.print(Text(f"  不收 refused: {refused.file_name}：{refused.reason}"))
    if (more := len(status.refused) - _REFUSED_SHOWN) > 0:
        screen.out.print(Text(f"  另有 {more} 个不收 and {more} more: jiceng status --json"))
    for test in facts.built.warned if facts.built else ():
        screen.out.print(Text(f"  提示 to look at: {test['rows']} {test['zh']} {test['en']} ({test['name']})"))
        screen.out.print(Text(f'    jiceng query --build "{test["query"]}"'))


def _serves(snapshot: str, status: Status) -> bool:
    return status.serving is not None and status.serving.name == snapshot


def _show_earlier(nights: list[Night]) -> None:
    title = f"以前各晚 Earlier nights（{ZONE_ZH} {ZONE_EN}）"
    made = screen.table(title, "开始 started", "结果 outcome", "文件 files", "行 rows", "版本 version")
    for night in nights:
        facts = NightFacts.from_json(night.facts)
        landed, published = facts.landed, facts.published
        screen.add_row(
            made,
            clock(night.started_at),
            _STATES[night.state][0],
            landed.files if landed else 0,
            landed.rows if landed else 0,
            (f"as_of/{published.as_of}/" if published.as_of else "") + published.snapshot if published else None,
        )
    screen.show(made)


def _show_store(status: Status, settings: Settings) -> None:
    counts = status.files
    rows = _pairs()
    rows.add_row(
        Text("提供查询 Serving", style="dim"), Text(status.serving.name if status.serving else "还没有 nothing yet")
    )
    rows.add_row(
        Text("文件 Files", style="dim"),
        Text(
            f"已读 {counts[FileStatus.LANDED]} read，待读 {counts[FileStatus.PENDING]} to be read，"
            f"不收 {counts[FileStatus.REJECTED]} refused"
        ),
    )
    rows.add_row(Text("收件箱 Inbox", style="dim"), Text(f"{status.in_inbox} 个待收 ready to be taken in"))
    screen.show(rows)


def _show_where(status: Status, settings: Settings) -> None:
    """Each place with what is to be found there, as a line of its own that can be copied whole."""
    screen.out.print("\n去哪里看 Where to look", style="bold")
    for place, what in _places(status, settings):
        screen.out.print(Text(f"{what}:", style="dim"))
        screen.out.print(Text(f"    {place}"))


def _places(status: Status, settings: Settings) -> Iterator[tuple[str, str]]:
    if not status.nights:
        yield f"{_shown(settings.inbox)}/<县 county>/<乡镇 township>/", "把表格放在这里 put workbooks here"
        yield "jiceng run", "运行一晚 run a night"
        yield "jiceng sample", "写入示例市县的表格 write the sample city's workbooks"
        return
    yield "jiceng query", "有哪些表 which tables there are"
    yield "jiceng query 'select * from area_scorecard limit 10'", "查询集市 query the marts"
    yield FINDINGS, "读表时发现的问题，后收到的在前 what reading found, the latest first"
    yield FAILURES, "未通过检核的行 rows that failed a check"
    if status.nights[0].state is NightState.BLOCKED:
        from delivery.messages import ROWS_OF_A_BLOCKED_NIGHT

        yield (
            ROWS_OF_A_BLOCKED_NIGHT,
            "最近一晚没有发布，它不符的行只在构建库里 what the last night failed on stands in the build alone",
        )
    yield _shown(settings.published / "marts_current.duckdb"), "BI 工具连这个 for BI tools"
    yield f"{_shown(settings.logs)}/", "日志 logs"


def _pairs() -> Table:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column(overflow="fold")
    return rows


def _shown(path: Path) -> str:
    """As short as it can be typed from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
