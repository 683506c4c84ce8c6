"""A step at work: it keeps the night's row in the ledger true, however it ends, and other nights out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ingestion.ledger import Ledger
from ingestion.ledger_records import Night, NightState
from ingestion.personal import shown_lines
from jiceng.facts import Facts
from jiceng.one_night import one_step
from jiceng.settings import Settings
from jiceng.told_errors import explain_error, mask_error

_MICROSECOND = timedelta(microseconds=1)


class NightError(Exception):
    """A step that cannot be taken: says why and what to do, in Chinese and English."""


class ChecksFailed(NightError):  # noqa: N818 - what happened, not a mistake of the program
    """A critical check did not pass: nothing is published, and last night's marts go on serving."""


@dataclass(frozen=True)
class Step:
    """A step at work: its ledger, and how it notes what it found."""

    ledger: Ledger
    run_id: str
    noted_as: str
    started: float = field(default_factory=time.monotonic)

    @property
    def night(self) -> Night:
        night = self.ledger.night(self.run_id)
        assert night is not None
        return night

    def note(self, facts: Facts) -> None:
        seconds = round(time.monotonic() - self.started, 1)
        self.ledger.note_facts(self.run_id, {self.noted_as: {**facts.to_json(), "seconds": seconds}})

    def note_reading_after(self, lake: Path) -> None:
        """Keep tonight's readings later than those there are, also when the clock was set back: the latest counts."""
        from ingestion.readings import last_read_at

        last = last_read_at(lake)
        self.ledger.note_facts(self.run_id, {"reading_after": last.isoformat() if last else None})

    def reading_moment(self) -> datetime:
        """When what is read now was read."""
        now, after = datetime.now(UTC), self.night.facts.get("reading_after")
        return max(now, datetime.fromisoformat(after) + _MICROSECOND) if after else now


@contextmanager
def step_of_night(
    settings: Settings, run_id: str, name: str, *, noted_as: str | None = None, as_of: date | None = None
) -> Iterator[Step]:
    """Keep the night's row true while a step is at work, and other nights out."""
    with one_step(settings.data_dir, run_id), Ledger.open(settings.ledger_url) as ledger:
        _go_on(ledger, run_id, name, as_of)
        try:
            yield Step(ledger, run_id, noted_as or name)
        except BaseException as error:  # Airflow ends a task that takes too long with one that is no Exception
            explain_error(error)
            mask_error(error)
            with suppress(Exception):  # when it is the ledger that failed, that is what is raised
                _end_badly(ledger, run_id, name, error)
            raise
        if name == "tell":
            _end_told(ledger, run_id)


def _go_on(ledger: Ledger, run_id: str, name: str, as_of: date | None) -> None:
    night = ledger.night(run_id)
    now = datetime.now(UTC)
    if name == "intake":
        _end_interrupted(ledger, run_id, now)
        ledger.begin_night(run_id, _after_the_last(ledger, run_id, now), as_of)
    elif night is None:
        ledger.begin_night(run_id, now)
    elif name != "tell" and night.state is not NightState.RUNNING:
        ledger.begin_night(run_id, night.started_at, night.as_of)
    if name != "tell":
        ledger.note_facts(run_id, {"step": name, "error": None})


def _after_the_last(ledger: Ledger, run_id: str, now: datetime) -> datetime:
    """A clock that was set back must not make tonight the night before the last."""
    earlier = [night.started_at for night in ledger.nights() if night.run_id != run_id]
    return max([now, *(moment + _MICROSECOND for moment in earlier)])


def _end_interrupted(ledger: Ledger, run_id: str, now: datetime) -> None:
    """Nights that were killed: only one is at work at a time, and that is this one."""
    for night in ledger.nights():
        if night.state is NightState.RUNNING and night.run_id != run_id:
            ledger.end_night(night.run_id, now, NightState.FAILED, failed_task=night.facts.get("step"))


def _end_badly(ledger: Ledger, run_id: str, name: str, error: BaseException) -> None:
    night = ledger.night(run_id)
    state = NightState.BLOCKED if isinstance(error, ChecksFailed) else NightState.FAILED
    if name == "tell" and night is not None and night.state is not NightState.RUNNING:
        state = night.state  # whether people could be told changes nothing in the data
    ledger.end_night(run_id, datetime.now(UTC), state, failed_task=name)
    ledger.note_facts(run_id, {"error": shown_lines(str(error))[:2000]})


def _end_told(ledger: Ledger, run_id: str) -> None:
    """Telling is the last step: a night that still seems to run was killed in a step before it."""
    night = ledger.night(run_id)
    assert night is not None
    killed = night.state is NightState.RUNNING
    state, failed = (NightState.FAILED, night.facts.get("step")) if killed else (night.state, night.failed_task)
    ledger.end_night(run_id, datetime.now(UTC), state, failed_task=None if failed == "tell" else failed)
