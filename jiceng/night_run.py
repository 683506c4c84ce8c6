"""A whole night without Airflow: its steps one after the other, and whoever looks on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, TypeVar

from ingestion.ledger import Ledger
from ingestion.ledger_records import Night
from jiceng import night
from jiceng.facts import Facts, Landed
from jiceng.night import Progress
from jiceng.one_night import whole_night
from jiceng.settings import Settings
from jiceng.step import ChecksFailed

SomeFacts = TypeVar("SomeFacts", bound=Facts)


class Watcher(Protocol):
    """Whoever looks on while a night runs."""

    def started(self, step: str) -> None: ...
    def advanced(self, step: str, done: int, total: int) -> None: ...
    def finished(self, step: str, facts: Facts, seconds: float) -> None: ...


def run(settings: Settings, *, as_of: date | None = None, watcher: Watcher | None = None) -> Night:
    """The whole night without Airflow; returns how it ended: published, or blocked by its checks.

    Raises NightIsRunning when another is at work; and what a step raised, after people were told.
    """
    with Ledger.open(settings.ledger_url) as ledger:
        run_id = _free_run_id(ledger)
        with whole_night(settings.data_dir, run_id):
            try:
                _up_to_publishing(settings, run_id, as_of, watcher)
            except ChecksFailed:
                pass  # the ledger holds it, and `tell` says it
            except Exception as error:
                _tell_of(error, settings, run_id, ledger)
                raise
            _watched(watcher, "tell", lambda _: night.tell(settings, run_id))
            ended = ledger.night(run_id)
    assert ended is not None
    return ended


def _up_to_publishing(settings: Settings, run_id: str, as_of: date | None, watcher: Watcher | None) -> None:
    _watched(watcher, "intake", lambda progress: night.intake(settings, run_id, as_of=as_of, progress=progress))
    registered = _watched(watcher, "update_register", lambda _: night.update_register(settings, run_id))

    def read_one(batch: str) -> Landed:
        return _watched(watcher, "read", lambda progress: night.read(settings, run_id, batch, progress=progress))

    for batch in registered.batches:
        read_one(batch)
    _watched(watcher, "build", lambda _: night.build(settings, run_id))
    _watched(watcher, "check", lambda _: night.check(settings, run_id))
    _watched(watcher, "publish", lambda _: night.publish(settings, run_id))


def _watched(watcher: Watcher | None, step: str, work: Callable[[Progress], SomeFacts]) -> SomeFacts:
    if watcher is None:
        return work(lambda done, total: None)
    started = time.monotonic()
    watcher.started(step)
    facts = work(lambda done, total: watcher.advanced(step, done, total))
    watcher.finished(step, facts, time.monotonic() - started)
    return facts


def _tell_of(error: Exception, settings: Settings, run_id: str, ledger: Ledger) -> None:
    ended = ledger.night(run_id)
    try:
        night.alert_task_failure(settings, run_id, task_id=(ended and ended.failed_task) or "intake", error=str(error))
    except Exception as unsent:  # it must not hide what went wrong
        error.add_note(f"也没能通知任何人 · nor could anybody be told: {unsent}")


def _free_run_id(ledger: Ledger) -> str:
    moment = datetime.now(UTC)
    while ledger.night(night.new_run_id(moment)):
        moment += timedelta(seconds=1)
    return night.new_run_id(moment)
