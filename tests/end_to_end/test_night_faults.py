"""Whatever happens to a night: run again it gives the same marts, and every file is accounted for exactly once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import PROJECT, House
from tests.end_to_end.faults import NIGHTS, killed_at, moments, sizes, with_files_up_to
from tests.small_disk import SmallDisk

KILLED = -9
NO_MOUNTS = 77
PAGE = 4096
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


FULL, READ_ONLY = "磁盘已满，请腾出空间后重跑", "磁盘是只读的，请改为可写后重跑"


@pytest.mark.parametrize("pages, said", [(30, FULL), (70, FULL), (None, READ_ONLY)])
def test_disk_that_is_full_or_read_only_is_said_with_what_to_do(
    house: House, small_inbox: Path, pages: int | None, said: str
) -> None:
    """Of thirty pages the archive takes more, of seventy the lake; without any nothing can be written."""
    house.data.mkdir()

    def confine() -> None:
        disk = SmallDisk.over(house.data)
        if disk is None:
            os._exit(NO_MOUNTS)
        house.put(small_inbox)
        if pages is None:
            disk.read_only()
        else:
            disk.leave(pages * PAGE)

    done = subprocess.run(
        [sys.executable, "-m", "jiceng.cli", "run"],
        cwd=PROJECT,
        env=house.environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=confine,
    )
    if done.returncode == NO_MOUNTS:
        pytest.skip("this user may not mount a disk of its own")
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr


def test_folder_that_cannot_be_written_is_said_and_loses_nothing(house: House, small_inbox: Path) -> None:
    house.put(small_inbox)
    place = house.data / "lake"
    place.write_text("a file in the folder's place: who may write everything cannot write here either")
    done = house.jiceng("run")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    place.unlink()
    account = json.loads(house.jiceng("audit", "--json").stdout)
    assert (account["received"], account["pending"]) == (13, 13)


def test_ledger_and_build_that_are_damaged_are_made_anew(
    house: House, finished: House, record_property: Callable[[str, object], None]
) -> None:
    shutil.copytree(finished.data, house.data, symlinks=True)
    record_property("fault_trials", 1)
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
