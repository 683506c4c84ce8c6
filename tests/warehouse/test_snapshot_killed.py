"""A publish killed at any step, and run again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from warehouse.snapshot import connect, publish, rollback

PROJECT = Path(__file__).resolve().parents[2]

# Publishes in a process of its own for each folder, and has the n-th die before its n-th step outside DuckDB: a file
# opened, renamed, linked, made read-only or deleted; ends when one lived through all its steps.
PUBLISH_AND_DIE = """
import os, signal, sys
from pathlib import Path
from warehouse.snapshot import publish

STEPS = {"open", "os.rename", "os.symlink", "os.chmod", "os.remove"}
database = Path(sys.argv[1])
for deadly, folder in enumerate(sys.argv[2:], start=1):
    if os.fork() == 0:
        taken = 0
        def step(event, arguments):
            global taken
            if event in STEPS and folder in str(arguments[0]):
                taken += 1
                if taken == deadly:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(step)
        publish(database, Path(folder), run_id="n2", keep=2)
        os._exit(0)
    print(outcome := os.waitstatus_to_exitcode(os.wait()[1]))
    if outcome == 0:
        break
"""


def build(database: Path, night: int, rows: int = 1) -> Path:
    with duckdb.connect(database) as written:
        written.execute(f"create schema marts; create table marts.mart as select {night} as night from range({rows})")
    return database


def served(published: Path) -> tuple[int, int]:
    """Night and rows, read as somebody else's tool reads them."""
    with duckdb.connect(published / "marts_current.duckdb", read_only=True) as reader:
        night, rows = reader.execute("select max(night), count(*) from mart").fetchall()[0]
    return night, rows


def files(published: Path) -> list[str]:
    return sorted(path.name for path in published.iterdir() if path.name not in (".lock", "marts_current.duckdb"))


def test_publish_killed_before_any_step_leaves_a_whole_version_serving_and_run_again_finishes(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    first, second = (build(tmp_path / f"{night}.duckdb", night) for night in (1, 2))
    base = tmp_path / "base"
    for run_id in ("m0", "m1", "n1"):  # three, of which the oldest is to be cleared away
        publish(first, base, run_id=run_id, keep=5)
    folders = [tmp_path / f"step{number:02}" for number in range(1, 25)]
    for folder in folders:
        shutil.copytree(base, folder, symlinks=True)
    run = subprocess.run(
        [sys.executable, "-c", PUBLISH_AND_DIE, str(second), *map(str, folders)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    outcomes = [int(code) for code in run.stdout.split()]
    steps = outcomes.count(-signal.SIGKILL)
    assert outcomes == [-signal.SIGKILL] * steps + [0]
    record_property("fault_trials", steps)
    assert steps >= 10

    after_kill = [served(folder) for folder in folders[:steps]]
    assert after_kill == sorted(after_kill)  # up to some step the old one, from there on the new one
    assert set(after_kill) == {(1, 1), (2, 1)}
    for folder in folders[: steps + 1]:
        publish(second, folder, run_id="n2", keep=2)
        assert served(folder) == (2, 1)
        assert not [name for name in files(folder) if name.startswith(".")]
        assert rollback(folder).name == "marts_n1.duckdb"


def test_rollback_killed_before_any_step_has_happened_or_has_not(tmp_path: Path) -> None:
    published = tmp_path / "published"
    for night in (1, 2):
        publish(build(tmp_path / f"{night}.duckdb", night), published, run_id=f"n{night}")
    (published / ".marts_current.duckdb.next").symlink_to("marts_n1.duckdb")  # killed between link and rename
    assert served(published) == (2, 1)
    assert rollback(published).name == "marts_n1.duckdb"
    assert served(published) == (1, 1)
    assert not (published / ".marts_current.duckdb.next").is_symlink()


def test_publish_killed_while_it_writes_leaves_nothing_for_long(tmp_path: Path) -> None:
    published = tmp_path / "published"
    publish(build(tmp_path / "1.duckdb", 1), published, run_id="n1")
    large = build(tmp_path / "2.duckdb", 2, rows=20_000_000)
    script = "import sys; from pathlib import Path; from warehouse.snapshot import publish;"
    script += "publish(Path(sys.argv[1]), Path(sys.argv[2]), run_id='n2')"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(large), str(published)], env={**os.environ, "PYTHONPATH": str(PROJECT)}
    ) as process:
        deadline = time.monotonic() + 60
        while not (left := [path.name for path in published.glob(".*.part*")]) and time.monotonic() < deadline:
            time.sleep(0.002)
        process.kill()
    assert ".marts_n2.duckdb.part" in left
    assert ".marts_n2.duckdb.part" in files(published)
    assert served(published) == (1, 1)
    assert publish(build(tmp_path / "3.duckdb", 3), published, run_id="n3").name == "marts_n3.duckdb"
    assert files(published) == ["marts_n1.duckdb", "marts_n3.duckdb"]


def test_two_publishes_at_once_take_turns(tmp_path: Path) -> None:
    published = tmp_path / "published"
    script = "import sys; from pathlib import Path; from warehouse.snapshot import publish;"
    script += "publish(Path(sys.argv[1]), Path(sys.argv[2]), run_id=sys.argv[3])"
    builds = [build(tmp_path / f"{night}.duckdb", night, 500_000) for night in (1, 2, 3)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(database), str(published), f"n{database.stem}"],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )
        for database in builds
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]
    served_now = served(published)
    assert served_now[1] == 500_000
    earlier = {rollback(published).name, rollback(published).name}
    assert earlier | {f"marts_n{served_now[0]}.duckdb"} == {"marts_n1.duckdb", "marts_n2.duckdb", "marts_n3.duckdb"}
    with connect(published) as reader:
        assert reader.execute("select previous from snapshot_info").fetchall() == [(None,)]


@pytest.mark.parametrize("left", [".marts_n1.duckdb.part.wal", ".marts_n1.duckdb.part.tmp/spilled"])
def test_every_kind_of_file_left_behind_is_cleared(tmp_path: Path, left: str) -> None:
    published = tmp_path / "published"
    path = published / left
    path.parent.mkdir(parents=True)
    path.write_text("")
    publish(build(tmp_path / "1.duckdb", 1), published, run_id="n1")
    assert files(published) == ["marts_n1.duckdb"]
