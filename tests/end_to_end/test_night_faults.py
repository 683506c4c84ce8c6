"""Whatever happens to a night: run again it gives the same marts, and every file is accounted for exactly once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import House
from tests.end_to_end.faults import NIGHTS, killed_at, moments, sizes, with_files_up_to

KILLED = -9
TOGETHER = 3  # what so many trials leave, one after the other, is put right together


def put_right(house: House, finished: House) -> None:
    """One more night, undisturbed: its marts, and the account of what was received."""
    done = house.jiceng("run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert house.marts() == finished.marts()
    assert not any(path.is_file() for path in house.settings.inbox.rglob("*"))
    audited = house.jiceng("audit")
    assert audited.returncode == 0, audited.stdout + audited.stderr


def test_nights_killed_at_random_moments_and_on_a_disk_that_fills_up(
    house: House, finished: House, small_inbox: Path, record_property: Callable[[str, object], None]
) -> None:
    (whole,) = finished.nights()
    assert whole.finished_at
    took = (whole.finished_at - whole.started_at).total_seconds() + 2
    killed = failed = 0
    for number, (moment, size) in enumerate(zip(moments(took), sizes(), strict=True), 1):
        if number % TOGETHER == 1:
            shutil.rmtree(house.data, ignore_errors=True)
            house.put(small_inbox)
        killed += killed_at(house, moment) == KILLED
        failed += with_files_up_to(house, size) != 0
        if number % TOGETHER == 0 or number == NIGHTS:
            put_right(house, finished)
    record_property("fault_trials", 2 * NIGHTS)
    assert killed + failed


@pytest.mark.parametrize("folder", ["archive", "lake", "register"])
def test_folder_that_cannot_be_written_is_said_and_loses_nothing(house: House, small_inbox: Path, folder: str) -> None:
    house.put(small_inbox)
    place = house.data / folder
    place.write_text("a file in the folder's place: who may write everything cannot write here either")
    done = house.jiceng("run")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    place.unlink()
    waiting = sum(path.is_file() for path in house.settings.inbox.rglob("*"))
    account = json.loads(house.jiceng("audit", "--json").stdout)
    assert (waiting + account["received"], account["pending"]) == (13, account["received"])


def test_ledger_and_build_that_are_damaged_are_made_anew(house: House, finished: House) -> None:
    shutil.copytree(finished.data, house.data, symlinks=True)
    ledger = house.data / "ledger.db"
    ledger.write_bytes(b"this is not a database" * 1000)
    for part in ("-wal", "-shm"):
        ledger.with_name(ledger.name + part).unlink(missing_ok=True)
    house.settings.build_database.write_bytes(b"nor is this")
    assert "jiceng rebuild" in house.jiceng("run").stderr
    done = house.jiceng("rebuild")
    assert done.returncode == 0, done.stderr
    assert "13 个文件 files，已读 13 read" in done.stdout
    assert house.marts() == finished.marts()
    assert house.jiceng("audit").returncode == 0
