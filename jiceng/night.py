"""The steps of a night in their order, each a plain function that may be killed at any instant and run again.

    intake → update_register → read (each batch) → build → check → publish → tell

Airflow and `jiceng run` (`jiceng/night_run.py`) call the same functions. What a step found and left is kept in the
ledger's row of the night; what the steps hand on lies in the ledger, the lake and the build, never in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from ingestion.ledger import Ledger
from ingestion.ledger_records import Night, NightState
from ingestion.moments import ZONE_EN, ZONE_ZH, day_in_china
from jiceng.facts import Built, Checked, Landed, Published, Received, Registered, Told
from jiceng.settings import Settings
from jiceng.step import ChecksFailed, NightError, step_of_night

if TYPE_CHECKING:
    from delivery.failures import FailedCheck
    from expectations.results import CheckResult

__all__ = [
    "ChecksFailed",
    "NightError",
    "alert_task_failure",
    "build",
    "check",
    "intake",
    "new_run_id",
    "publish",
    "read",
    "tell",
    "update_register",
]

_LONGEST_READ = timedelta(hours=12)  # what lies half written for longer belongs to a read that was killed
_ROWS_NAMED = 3  # of each check that blocks; the others are asked for with a query
Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


def new_run_id(moment: datetime) -> str:
    """A night is named by its moment, such as 20141231T170000Z: names sort as nights do."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def day_known(as_of: date | str | None) -> date | None:
    """The day whose knowledge is asked for. Raises NightError for one that is still to come: nobody knows it."""
    day, today = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of, day_in_china(datetime.now(UTC))
    if day is not None and day > today:
        raise NightError(
            f"{day} 还没有到，今天（{ZONE_ZH}）是 {today}：只能按今天或以前某日所知重建 · "
            f"{day} is still to come, today is {today} ({ZONE_EN}): choose today or a day before"
        )
    return day


def intake(
    settings: Settings, run_id: str, *, as_of: date | str | None = None, progress: Progress | None = None
) -> Received:
    """Take in what lies ready in the inbox. With `as_of` the night builds from what was known on that day."""
    from ingestion.intake import take_in

    known_on = day_known(as_of)
    with step_of_night(settings, run_id, "intake", as_of=known_on) as step:
        _refuse_a_lost_ledger(settings, step.ledger)
        taken = take_in(
            settings.inbox,
            settings.archive,
            step.ledger,
            run_id=run_id,
            now=datetime.now(UTC),
            quiet_seconds=settings.quiet_seconds,
            batch_size=settings.batch_size,
            progress=progress,
        )
        left = [{"file_name": file.file_name, "zh": file.reason.zh, "en": file.reason.en} for file in taken.left[:20]]
        facts = Received(taken.received, taken.duplicates, taken.waiting, taken.rejected, taken.ignored, left)
        step.note(facts)
    return facts


def _refuse_a_lost_ledger(settings: Settings, ledger: Ledger) -> None:
    """A night over an empty ledger would forget what was closed, and take a return that comes again for a new one."""
    if ledger.last_received_at() is None and any((settings.lake / "files").glob("[!_.]*.parquet")):
        raise NightError(
            "台账是空的，数据湖里却有读过的文件：台账丢了（请运行 jiceng rebuild），或 JICENG_LEDGER_URL 不对 · "
            "the ledger is empty, but the lake holds files that were read: it was lost (run jiceng rebuild), or "
            "JICENG_LEDGER_URL is wrong"
        )


def update_register(settings: Settings, run_id: str) -> Registered:
    """Read tonight's register workbooks before everything else, and make the batches of what is to be read.

    A register table in a file whose name does not say so is landed by `read` and enters the register the next night;
    whatever the register left open is then read again.
    """
    from ingestion.forms import load_forms
    from ingestion.lake import clear_leftovers
    from ingestion.landing import read_and_land
    from ingestion.register import Register, build_register
    from ingestion.register_files import clear_damaged

    with step_of_night(settings, run_id, "update_register") as step:
        clear_damaged(settings.register)
        clear_leftovers(settings.lake, datetime.now(UTC) - _LONGEST_READ)
        step.note_reading_after(settings.lake)
        forms = load_forms()
        known = Register.load(settings.register)
        titles = [title for form in forms.forms if form.grain == "register" for title in form.titles]
        files = [
            file
            for file in step.ledger.pending_files()
            if any(title in name for title in titles for name in (file.file_name, *file.other_names))
        ]
        if files:
            read_and_land(files, settings.archive, settings.lake, forms, known, read_at=step.reading_moment())
        update = build_register(settings.lake, settings.register)
        register = Register.load(settings.register)
        again = step.ledger.files_to_reread(forms.version, register.version)
        batches = step.ledger.make_batches(run_id, again, batch_size=settings.batch_size)
        facts = Registered(
            branches=update.change.branches,
            changed=register.version != known.version,
            refused=update.refused,
            again=len(again),
            batches=list(batches),
        )
        step.note(facts)
    return facts


def read(settings: Settings, run_id: str, batch: str, *, progress: Progress | None = None) -> Landed:
    """Read the files of one batch and land what they hold; a batch that a later night took over is empty."""
    from ingestion.forms import load_forms
    from ingestion.landing import read_and_land
    from ingestion.register import Register

    with step_of_night(settings, run_id, "read", noted_as=f"read:{batch}") as step:
        files = step.ledger.batch_files(batch)
        if not files:
            return Landed()
        landed = read_and_land(
            files,
            settings.archive,
            settings.lake,
            load_forms(),
            Register.load(settings.register),
            read_at=step.reading_moment(),
            progress=progress,
        )
        facts = Landed(
            files=landed.files,
            rejected=sum(outcome.rejected_because is not None for outcome in landed.outcomes),
            rows=landed.rows,
            quarantined=landed.quarantined_rows,
            findings={str(severity): number for severity, number in landed.findings.items()},
            damaged=list(landed.damaged),
        )
        step.note(facts)  # before the files count as read: who is killed in between notes it again
        step.ledger.mark_landed(batch, landed.outcomes)
    return facts


def build(settings: Settings, run_id: str, *, retry: bool = False) -> Built:
    """Build every model from the lake and the register. With `retry` only what failed, over the same inputs."""
    from ingestion.closings import Closings
    from warehouse import build as warehouse
    from warehouse.closed import write_closings
    from warehouse.data_tests import warned

    with step_of_night(settings, run_id, "build") as step:
        with Closings.open(settings.ledger_url) as closings:
            write_closings(settings.lake, settings.published, closings.all())
        result = warehouse.build(
            settings.project / "dbt_project",
            settings.lake,
            settings.register,
            settings.build_database,
            as_of=step.night.as_of,
            retry=retry,
            log=settings.logs / "dbt",
        )
        aside = result.set_aside.name if result.set_aside else None
        to_look_at = [asdict(found) for found in warned(result)]
        facts = Built(result.models, result.tests, len(result.warnings), aside, to_look_at)
        step.note(facts)
    return facts


def check(settings: Settings, run_id: str) -> Checked:
    """Judge the build. Raises ChecksFailed when a critical check did not pass."""
    from delivery.failures import failed_checks
    from delivery.messages import ROWS_OF_A_BLOCKED_NIGHT
    from expectations.checkpoint import run_checks

    with step_of_night(settings, run_id, "check") as step:
        report = run_checks(
            settings.build_database,
            settings.project / "expectations" / "suites",
            run_id=run_id,
            checked_at=datetime.now(UTC),
        )
        failed = [result for result in report.results if result.status in ("fail", "error")]
        rows = {each.check_id: each for each in failed_checks(settings.build_database, run_id, rows_each=_ROWS_NAMED)}
        critical = [_said(result, rows.get(result.check_id)) for result in failed if result.severity == "critical"]
        facts = Checked(
            checks=len(report.results),
            failed={
                severity: sum(result.severity == severity for result in failed)
                for severity in sorted({str(result.severity) for result in failed})
            },
            critical=critical,
            no_data=sum(result.status == "no_data" for result in report.results),
        )
        step.note(facts)
        if critical:
            raise ChecksFailed(
                f"{len(critical)} 项严重检核未通过，本晚不发布，仍用上一版 · {len(critical)} critical checks failed, "
                f"nothing is published, the last version goes on serving\n" + "\n".join(critical) + "\n"
                f"全部不符明细 every failing row: {ROWS_OF_A_BLOCKED_NIGHT}"
            )
    return facts


def _said(result: CheckResult, found: FailedCheck | None) -> str:
    """A check that blocks, and what of it comes first: which form and period, which files."""
    rows = found.rows if found else ()
    more = result.rows_failed - len(rows)
    lines = [f"{result.check_id}：{result.text_zh}", *(f"  {row.zh}" for row in rows)]
    return "\n".join([*lines, f"  另有 {more} 行 and {more} more rows"] if rows and more > 0 else lines)


def publish(settings: Settings, run_id: str) -> Published:
    """Let the build that passed its checks serve; one as known on a day goes beside it, what serves stays."""
    from ingestion.archive import sha256_of
    from warehouse.build import manifest_path
    from warehouse.snapshot import place_of
    from warehouse.snapshot import publish as publish_snapshot

    with step_of_night(settings, run_id, "publish") as step:
        checked = step.night.facts.get("check")
        if checked is None or checked["critical"]:
            raise NightError(
                "本晚没有通过检核，不能发布 · this night has not passed its checks: it cannot be published"
            )
        version = publish_snapshot(
            settings.build_database,
            place_of(settings.published, step.night.as_of),
            run_id=run_id,
            keep=settings.keep_snapshots,
            manifest=manifest_path(settings.build_database),
            as_of=step.night.as_of,
        )
        as_of = step.night.as_of.isoformat() if step.night.as_of else None
        facts = Published(version.name, as_of, sha256_of(version))
        step.note(facts)
        step.ledger.end_night(run_id, datetime.now(UTC), NightState.PUBLISHED)
    return facts


def tell(settings: Settings, run_id: str) -> Told:
    """Tell people what they have to know of this night; a task that failed has been told by itself."""
    from delivery import alerts, messages

    with step_of_night(settings, run_id, "tell") as step:
        facts = _nothing_told(settings, step.night)
        if step.night.state is NightState.BLOCKED:
            alert = messages.night_blocked(settings.build_database, run_id=run_id, published=settings.published)
            sent = alerts.send(alert, settings.alert_urls)
            facts = Told("blocked", sent.delivered)
        step.note(facts)
    return facts


def _nothing_told(settings: Settings, night: Night) -> Told:
    """Nobody is alerted: of a night that published, how much there is to look at all the same."""
    from jiceng.query import ask
    from warehouse.snapshot import place_of

    if night.state is not NightState.PUBLISHED:
        return Told("failed")
    count = "select count(*) from finding where severity in ('critical', 'error')"
    errors = ask(place_of(settings.published, night.as_of), count).rows[0][0]
    return Told(errors=errors, failed_checks=sum(night.facts["check"]["failed"].values()))


def alert_task_failure(
    settings: Settings, run_id: str, *, task_id: str, error: str, log_url: str | None = None
) -> None:
    """Tell that a step failed for good, and why."""
    from delivery import alerts, messages

    log = log_url or str(settings.logs)
    alert = messages.task_failed(run_id=run_id, task=task_id, error=error, log=log, published=settings.published)
    alerts.send(alert, settings.alert_urls)
