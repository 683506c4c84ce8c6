"""The night's row in the ledger stays true, however a step ends."""

from __future__ import annotations

import traceback
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.ledger import Ledger
from ingestion.ledger_records import Night, NightState
from jiceng.facts import Checked, Landed, NightFacts, Published, Received
from jiceng.settings import Settings
from jiceng.step import ChecksFailed, step_of_night

RUN = "20140331T170000Z"
EARLIER = datetime(2014, 3, 30, 17, tzinfo=UTC)
FULL = "磁盘已满，请腾出空间后重跑 · the disk is full: make room, then run again: No space left on device"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def night(settings: Settings, run_id: str = RUN) -> Night:
    with Ledger.open(settings.ledger_url) as ledger:
        found = ledger.night(run_id)
    assert found is not None
    return found


def end(settings: Settings, state: NightState) -> None:
    with Ledger.open(settings.ledger_url) as ledger:
        ledger.end_night(RUN, EARLIER, state)


def test_intake_begins_the_night_and_notes_what_it_found(settings: Settings) -> None:
    with step_of_night(settings, RUN, "intake", as_of=date(2014, 3, 31)) as step:
        step.note(Received(received=3, waiting=1))
    found = night(settings)
    assert (found.state, found.as_of, found.failed_task) == (NightState.RUNNING, date(2014, 3, 31), None)
    assert NightFacts.from_json(found.facts) == NightFacts(step="intake", received=Received(received=3, waiting=1))


def test_batches_add_up(settings: Settings) -> None:
    for batch, landed in {
        "a": Landed(2, 0, 30, 1, {"error": 2}),
        "b": Landed(1, 1, 5, 0, {"error": 1, "info": 4}),
    }.items():
        with step_of_night(settings, RUN, "read", noted_as=f"read:{batch}") as step:
            step.note(landed)
    assert NightFacts.from_json(night(settings).facts).landed == Landed(3, 1, 35, 1, {"error": 3, "info": 4})


def test_batch_read_again_counts_once(settings: Settings) -> None:
    for rows in (30, 31):
        with step_of_night(settings, RUN, "read", noted_as="read:a") as step:
            step.note(Landed(files=2, rows=rows))
    assert NightFacts.from_json(night(settings).facts).landed == Landed(files=2, rows=31)


def test_failed_step_is_named_with_its_reason(settings: Settings) -> None:
    with pytest.raises(OSError, match="disk"), step_of_night(settings, RUN, "build"):
        raise OSError("the disk is full")
    found = night(settings)
    assert (found.state, found.failed_task, found.facts["error"]) == (NightState.FAILED, "build", "the disk is full")


def test_step_that_is_tried_again_clears_the_failure(settings: Settings) -> None:
    with pytest.raises(OSError), step_of_night(settings, RUN, "build"):
        raise OSError("the disk is full")
    with step_of_night(settings, RUN, "build"):
        pass
    found = night(settings)
    assert (found.state, found.failed_task, found.facts["error"]) == (NightState.RUNNING, None, None)


def test_checks_that_block_are_no_failure(settings: Settings) -> None:
    with pytest.raises(ChecksFailed), step_of_night(settings, RUN, "check") as step:
        step.note(Checked(checks=4, failed={"critical": 1}, critical=["x"]))
        raise ChecksFailed("x")
    assert (night(settings).state, night(settings).failed_task) == (NightState.BLOCKED, "check")


def test_nobody_told_leaves_the_night_published(settings: Settings) -> None:
    with step_of_night(settings, RUN, "publish") as step:
        step.note(Published("marts_1.duckdb"))
    end(settings, NightState.PUBLISHED)
    with pytest.raises(OSError), step_of_night(settings, RUN, "tell"):
        raise OSError("no way out")
    assert (night(settings).state, night(settings).failed_task) == (NightState.PUBLISHED, "tell")
    with step_of_night(settings, RUN, "tell"):
        pass
    assert (night(settings).state, night(settings).failed_task) == (NightState.PUBLISHED, None)


def test_telling_after_a_killed_step_ends_the_night_as_failed(settings: Settings) -> None:
    with step_of_night(settings, RUN, "build"):
        pass  # as a killed process leaves it: nothing more was noted
    with step_of_night(settings, RUN, "tell"):
        pass
    assert (night(settings).state, night(settings).failed_task) == (NightState.FAILED, "build")


def test_next_intake_ends_a_night_that_was_killed(settings: Settings) -> None:
    for step in ("intake", "update_register", "read"):
        with step_of_night(settings, RUN, step):
            pass
    with step_of_night(settings, "20140401T170000Z", "intake"):
        assert (night(settings).state, night(settings).failed_task) == (NightState.FAILED, "read")


def test_facts_of_another_version_are_passed_over() -> None:
    found = NightFacts.from_json({"intake": {"received": 2, "weighed": 9}, "dance": {"steps": 3}})
    assert found == NightFacts(received=Received(received=2))


def test_clock_set_back_makes_no_night_earlier_and_no_reading_older(settings: Settings) -> None:
    later = datetime(2999, 1, 1, tzinfo=UTC)
    with Ledger.open(settings.ledger_url) as ledger:
        ledger.begin_night("29990101T000000Z", later)
    files = pa.table({"read_at": pa.array([later], pa.timestamp("us", tz="UTC"))})
    (settings.lake / "files").mkdir(parents=True)
    pq.write_table(files, settings.lake / "files" / "b1.parquet")
    with step_of_night(settings, RUN, "intake"):
        pass
    with step_of_night(settings, RUN, "update_register") as step:
        step.note_reading_after(settings.lake)
        assert step.reading_moment() == later + timedelta(microseconds=1)
    assert night(settings).started_at == later + timedelta(microseconds=1)


def test_error_of_a_step_is_kept_and_raised_without_numbers_and_names_of_persons(settings: Settings) -> None:
    """In place: Airflow prints the traceback of what is raised, its causes and notes, into a log of its own."""
    with pytest.raises(OSError, match=r"\*") as raised, step_of_night(settings, RUN, "intake"):
        try:
            raise ValueError("联系人：王建国\n13912345678")
        except ValueError as first:
            error = OSError(28, "No space left on device", "/inbox/王建国13912345678.xlsx")
            error.add_note("11010519491231002X")
            raise error from first
    printed = "".join(traceback.format_exception(raised.value))
    told = "/inbox/***139****78.xlsx"
    assert night(settings).facts["error"] == f"[Errno 28] {FULL}: '{told}'"
    assert printed.splitlines()[-2:] == [f"OSError: [Errno 28] {FULL}: '{told}'", "110****2X"]
    assert ("ValueError: 联系人：***\n139****78" in printed, "王建国\n" in printed) == (True, False)
