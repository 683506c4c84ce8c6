"""`jiceng audit` and `jiceng rebuild`: whether everything received is accounted for, and making anew what was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.ledger import Ledger
from jiceng import screen
from jiceng.facts import NightFacts
from jiceng.one_night import whole_night
from jiceng.settings import Settings

if TYPE_CHECKING:
    from ingestion.audit import Account, Problem
    from ingestion.ledger_rebuild import Rebuilt
    from ingestion.ledger_records import Night

_PROBLEMS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class MadeAnew:
    """What a rebuild put in order before the night that follows it; `set_aside` is what was moved out of the way."""

    ledger: Rebuilt
    set_aside: tuple[Path, ...]


def audited(settings: Settings, progress: Callable[[int, int], None]) -> Account:
    """The account of this data folder, while no night is at work. Raises NightIsRunning."""
    from ingestion.audit import audit

    with whole_night(settings.data_dir, "audit"), Ledger.open(settings.ledger_url) as ledger:
        account = audit(settings.archive, settings.lake, ledger, progress=progress)
        changed = changed_versions(settings.published, ledger.nights(limit=None))
    return replace(account, problems=(*account.problems, *changed))


def changed_versions(published: Path, nights: Iterable[Night]) -> Iterator[Problem]:
    """Published and closed versions that are no longer what their nights wrote; of earlier nights nothing is known."""
    from ingestion.archive import sha256_of
    from ingestion.audit import Problem, ProblemKind

    published_by = [facts for night in nights if (facts := NightFacts.from_json(night.facts).published)]
    known = {facts.snapshot: facts.sha256 for facts in published_by if facts.sha256}
    for version in sorted(published.rglob("*.duckdb")):
        sha256 = known.get(version.name)
        if sha256 and (found := sha256_of(version)) != sha256:
            name = version.relative_to(published).as_posix()
            yield Problem(ProblemKind.VERSION_CHANGED, found, name, f"发布时 when published: {sha256[:12]}")


def rebuild(settings: Settings, *, lake: bool) -> MadeAnew:
    """Make the ledger's files and closings anew and put the build aside: the next night makes it anew.

    With `lake` the lake is put aside too, and the next night reads every file again from the archive. Raises
    NightIsRunning, LedgerError and LakeError.
    """
    from ingestion.ledger_rebuild import rebuild_files
    from ingestion.ledger_tables import set_aside as set_ledger_aside
    from warehouse.build import set_aside as set_build_aside

    with whole_night(settings.data_dir, "rebuild"):
        aside = [path for path in (set_ledger_aside(settings.ledger_url),) if path]
        if settings.build_database.exists():
            aside.append(set_build_aside(settings.build_database))
        if lake and settings.lake.exists():
            moved = settings.lake.with_name(f"lake.{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.old")
            settings.lake.rename(moved)
            aside.append(moved)
        _enter_closings(settings)
        with Ledger.open(settings.ledger_url) as ledger:
            return MadeAnew(rebuild_files(ledger, settings.archive, settings.lake), tuple(aside))


def _enter_closings(settings: Settings) -> None:
    """A new ledger knows of no closings: they are recorded beside the versions that were kept."""
    from ingestion.closings import Closings
    from warehouse.closed import recorded_closings

    with Closings.open(settings.ledger_url) as closings:
        known = {(closed.period, closed.closed_at) for closed in closings.all()}
        for closed in recorded_closings(settings.published):
            if (closed.period, closed.closed_at) not in known:
                closings.enter(closed)


def show_rebuilt(made: MadeAnew) -> None:
    for path in made.set_aside:
        screen.out.print(f"移开 set aside: {path}", markup=False)
    nameless = f"，其中 {made.ledger.nameless} 个没有收件记录 without a receipt" if made.ledger.nameless else ""
    screen.out.print(
        f"台账已由归档和数据湖重建 ledger made anew: {made.ledger.files} 个文件 files，"
        f"已读 {made.ledger.read} read{nameless}",
        markup=False,
    )
    if made.ledger.damaged:
        screen.out.print(
            f"归档文件已损坏，不会再读，请重报 damaged in the archive, not read, send again: "
            f"{'、'.join(made.ledger.damaged)}",
            markup=False,
        )


def show_account(account: Account) -> None:
    made = screen.table("收件清点 What was received", "项 what", "数 how many")
    for label, number in (
        ("收到 received", account.received),
        ("已入库 landed", account.landed),
        ("不收 rejected", account.rejected),
        ("待读 pending", account.pending),
        ("重复到达 further arrivals", account.further_names),
        ("入库行 rows", account.rows),
        ("待处理区的行 quarantined rows", account.quarantined),
    ):
        screen.add_row(made, label, number)
    screen.show(made)
    if account.is_clean:
        screen.out.print(
            f"账实相符：收到 {account.received} = 入库 {account.landed} + 不收 {account.rejected} + 待读 "
            f"{account.pending}，归档指纹全部一致 · it adds up, and every archived file has its hash",
            style="green",
        )
        return
    screen.out.print(f"不符 {len(account.problems)} 处 {len(account.problems)} things do not add up:", style="red")
    for problem in account.problems[:_PROBLEMS_SHOWN]:
        screen.out.print(_in_a_line(problem), markup=False)
    if len(account.problems) > _PROBLEMS_SHOWN:
        screen.out.print("全部见 all of them: jiceng audit --json")


def _in_a_line(problem: Problem) -> str:
    """Which file, what of it does not add up and what to do."""
    marks = "，".join(text for text in (problem.sha256[:12], problem.detail) if text)
    about = f"{problem.file_name}（{marks}）" if marks and problem.file_name else problem.file_name or marks
    return f"{about}：{problem.kind.zh} · {problem.kind.en}"


def as_json(account: Account) -> dict[str, Any]:
    names = ("received", "landed", "rejected", "pending", "further_names", "rows", "quarantined")
    return {
        **{name: getattr(account, name) for name in names},
        "clean": account.is_clean,
        "problems": [
            {
                "kind": problem.kind.name.lower(),
                "sha256": problem.sha256,
                "file_name": problem.file_name,
                "detail": problem.detail,
                "zh": problem.kind.zh,
                "en": problem.kind.en,
            }
            for problem in account.problems
        ],
    }
