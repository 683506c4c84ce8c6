"""A publish on a disk that is full after any number of pages, and again when there is room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.warehouse.publishing import build
from warehouse.snapshot import publish

PROJECT = Path(__file__).resolve().parents[2]

# For each number of pages a process of its own with a disk of its own, on which n1 serves: n2 is published on what is
# left of the disk, and again with room. Says for both what served afterwards, and for the first what was raised.
PUBLISH_ON_A_SMALL_DISK = """
import json, os, shutil, sys
from pathlib import Path
from tests.small_disk import SmallDisk
from warehouse.snapshot import SnapshotError, connect, publish

database, base, folder = map(Path, sys.argv[1:4])

def served():
    with connect(folder / "published") as reader:
        return reader.execute("select max(night) from funding_standard_gap").fetchall()[0][0]

def trial(pages):
    disk = SmallDisk.over(folder)
    if disk is None:
        os._exit(77)
    shutil.copytree(base, folder / "published", symlinks=True)
    disk.leave(pages * 4096)
    raised = ""
    try:
        publish(database, folder / "published", run_id="n2")
    except SnapshotError as error:
        raised = str(error)
    first = served()
    left = sorted(path.name for path in (folder / "published").glob(".*part*"))
    disk.make_room()
    publish(database, folder / "published", run_id="n2")
    print(json.dumps([pages, raised, first, left, served()]), flush=True)

for pages in range(0, 4000, int(sys.argv[4])):
    if os.fork() == 0:
        try:
            trial(pages)
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.wait()[1])
    if code:
        sys.exit(code)
"""


def test_publish_on_a_full_disk_leaves_what_served_and_finishes_when_there_is_room(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    first, second = (build(tmp_path / f"{night}" / "jiceng.duckdb", night) for night in (1, 2))
    base, folder = tmp_path / "base", tmp_path / "disk"
    publish(first, base, run_id="n1")
    folder.mkdir()
    needs = next(base.glob("marts_n1.duckdb")).stat().st_size // 4096
    step = max(1, needs // 32)
    script = PUBLISH_ON_A_SMALL_DISK.replace("4000", str(needs + needs // 4))
    done = subprocess.run(
        [sys.executable, "-c", script, str(second), str(base), str(folder), str(step)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("this user may not mount a disk of its own")
    assert done.returncode == 0, done.stderr
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    record_property("fault_trials", len(trials))
    refused = [trial for trial in trials if trial[1]]
    assert len(refused) >= 25
    assert {(first, tuple(left), again) for _, _, first, left, again in refused} == {(1, (), 2)}
    assert {(first, again) for _, raised, first, _, again in trials if not raised} == {(2, 2)}
    assert all("仍由原版本提供查询" in raised for _, raised, *_ in refused)
    assert [raised for _, raised, *_ in refused if "磁盘已满，请腾出空间后重跑" not in raised] == []
