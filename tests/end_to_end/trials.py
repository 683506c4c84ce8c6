"""Trials of faults, each in processes forked from one that is warm: `trials.py BASE SEED FROM TO`.

BASE holds `first/`, an inbox, and `second/`, what comes after the first night. A trial takes a copy, does something to
one night or two, and then lets a night run undisturbed: what that leaves has to be what undisturbed nights leave, and
`jiceng audit` has to be clean. One line of JSON is printed for each trial: its number, what was done, what is wrong.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.end_to_end import short_night
from tests.end_to_end.fault_points import Fault, arm, count_points
from tests.end_to_end.forking import LOST, answer_of, ended, forked
from tests.small_disk import SmallDisk

_PAGE = 4096
_NEEDS = 120  # pages that a first night takes, and some more
_AIRFLOW_NIGHT = "20140630T170000Z"
_POINTS_OF_A_REBUILD = 25
_LONGEST = 180  # seconds; what takes longer waits for something that never comes
_YEARS = 800  # days by which a clock is wrong at most


class Trial:
    """One data folder, and what is done to it."""

    def __init__(self, base: Path, work: Path, number: int, seed: int, points: int, seconds: float) -> None:
        self.random = Random(f"{seed} {number}")
        self.base, self.data = base, work
        self.points, self.seconds = points, seconds
        self.disk: SmallDisk | None = None
        self.done: list[str] = []
        self.wrong: list[str] = []

    def run(self) -> list[str]:
        """What is wrong in the end."""
        self.disk = SmallDisk.over(self.data)
        self.put("first")
        self.random.choice(KINDS)(self)
        late = self.random.random() < 0.5
        if late:
            self.put("second")
            if self.random.random() < 0.5:
                self.random.choice(NIGHTS)(self)
        clock = self.random.choice([0, 0, -_YEARS, _YEARS]) if late else 0
        return self.wrong + answer_of(lambda: self.put_right("both" if late else "first", clock))

    # ---- nights, and what is done to them ----

    def put(self, delivery: str) -> None:
        shutil.copytree(self.base / delivery, self.data / "inbox", dirs_exist_ok=True)

    def night(self, before: Callable[[], None] | None = None, *, clock: float = 0) -> int:
        """A night in a process of its own; how it ended."""
        return self.outcome(self.start(before, clock=clock))

    def outcome(self, process: int) -> int:
        """How a process ended: killed, done, or as the product says why it could not. Nothing else may be."""
        code = ended(process)
        if code not in (0, LOST, -signal.SIGKILL):
            self.wrong.append(f"ended with {code}")
        return code

    def start(self, before: Callable[[], None] | None = None, *, clock: float = 0) -> int:
        def work() -> None:
            if before:
                before()
            short_night.run(self.data, clock=timedelta(days=clock))

        if clock:
            self.done.append(f"clock {clock:+} days")
        return forked(work)

    def at_a_point(self) -> None:
        fault, at = self.random.choice([*Fault]), self.random.randint(1, self.points)
        self.done.append(f"{fault} at {at}: {self.night(lambda: arm(fault, at, self.data))}")

    def at_a_moment(self) -> None:
        moment = self.random.uniform(0, self.seconds)
        process = self.start()
        time.sleep(moment)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        self.done.append(f"killed after {moment:.3f} s: {self.outcome(process)}")

    def on_a_small_disk(self) -> None:
        if self.disk is None:
            self.with_small_files()
            return
        pages = self.random.randrange(_NEEDS)
        self.disk.leave(pages * _PAGE)
        self.done.append(f"disk full after {pages} pages: {self.night()}")
        self.disk.make_room()

    def with_small_files(self) -> None:
        size = int(100 * 1000 ** self.random.random())

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        self.done.append(f"files of {size} bytes at most: {self.night(limit)}")

    def read_only(self) -> None:
        if self.disk is None:
            self.at_a_point()
            return
        if self.random.random() < 0.5:
            self.at_a_point()
        self.disk.read_only()
        self.done.append(f"read-only: {self.night()}")
        self.disk.make_room()

    def two_at_once(self) -> None:
        first = self.start()
        time.sleep(self.random.uniform(0, self.seconds))
        second = self.start()
        self.done.append(f"two at once: {self.outcome(first)}, {self.outcome(second)}")

    def by_steps(self) -> None:
        """As Airflow does it: each step by itself, and again when it was lost; a whole night may come between."""
        self.step("intake")
        batches = self.step("update_register").batches
        for batch in batches:
            self.step("read", batch)

    def step(self, name: str, *arguments: str) -> Any:
        def work() -> Any:
            from jiceng import night

            return getattr(night, name)(short_night.settings_of(self.data), _AIRFLOW_NIGHT, *arguments)

        if self.random.random() < 0.5:
            fault, at = self.random.choice([*Fault]), self.random.randint(1, self.points // 2)
            self.done.append(
                f"{name} {fault} at {at}: {self.outcome(forked(lambda: (arm(fault, at, self.data), work())))}"
            )
        if self.random.random() < 0.3:
            self.done.append(f"a night of its own: {self.night()}")
        return answer_of(work)

    def with_another_clock(self) -> None:
        self.done.append(f"{self.night(clock=self.random.uniform(-_YEARS, _YEARS))}")

    # ---- what is damaged or lost between two nights, and put right as docs/upkeep.md says ----

    def ledger_damaged(self) -> None:
        self.random.choice([self.night, self.at_a_point])()
        ledger = self.data / "ledger.db"
        content = bytearray(ledger.read_bytes())
        kind = self.random.choice(["head", "cut", "pages"])
        if kind == "head":
            content[:64] = self.random.randbytes(64)
        elif kind == "cut":
            del content[self.random.randrange(1, len(content)) :]
        else:
            content[_PAGE:] = b"\x55" * (len(content) - _PAGE)
        ledger.write_bytes(content)
        for part in ("-wal", "-shm"):
            ledger.with_name(ledger.name + part).unlink(missing_ok=True)
        self.done.append(f"ledger damaged ({kind})")
        self.rebuild()

    def ledger_lost(self) -> None:
        self.random.choice([self.night, self.at_a_point])()
        for path in self.data.glob("ledger.db*"):
            path.unlink()
        self.done.append("ledger lost")
        if self.random.random() < 0.5:
            self.done.append(f"a night that does not know: {self.night()}")
        self.rebuild()

    def lake_lost(self) -> None:
        self.night()
        shutil.rmtree(self.data / "lake")
        self.done.append("lake lost")
        if self.random.random() < 0.5:
            for path in self.data.glob("ledger.db*"):
                path.unlink()
            self.done.append("ledger lost")
        self.rebuild(lake=True)

    def lake_damaged(self) -> None:
        self.night()
        path = self.random.choice(sorted((self.data / "lake").rglob("[!_.]*.parquet")))
        os.truncate(path, self.random.randrange(path.stat().st_size))
        self.done.append(f"cut: {path.parent.name}; a night over it: {self.night()}")
        self.rebuild(lake=True)

    def register_lost(self) -> None:
        self.random.choice([self.night, self.at_a_point])()
        files = sorted((self.data / "register").rglob("*.parquet"))
        for path in files if self.random.random() < 0.5 else files[:1]:
            path.unlink()
        self.done.append("register lost")

    def register_damaged(self) -> None:
        self.night()
        path = self.random.choice(sorted((self.data / "register").rglob("*.parquet")))
        os.truncate(path, self.random.randrange(path.stat().st_size))
        self.done.append(f"cut: {path.name}")
        self.done.append(f"a night over it: {self.night()}")

    def archive_damaged(self) -> None:
        """Said, not read, and put right by the same file coming again."""
        self.random.choice([self.night, self.at_a_point])()
        archived = sorted((self.data / "archive").glob("??/*"))
        if not archived:
            return
        path = self.random.choice(archived)
        content = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        self.night()
        self.done.append("file of the archive damaged")
        found = answer_of(self.audited)
        is_whole_again = found == [] and path.read_bytes() == content  # an intake that was killed has been completed
        if not is_whole_again and found not in ([f"DAMAGED {path.name}"], [f"DAMAGED {path.name}", "1 pending"]):
            self.wrong.append(f"audit said {found}")
        path.write_bytes(content)

    def rebuild(self, *, lake: bool = False) -> None:
        def work() -> None:
            from jiceng import upkeep

            upkeep.rebuild(short_night.settings_of(self.data), lake=lake)

        if self.random.random() < 0.3:
            fault, at = self.random.choice([*Fault]), self.random.randint(1, _POINTS_OF_A_REBUILD)
            lost = self.outcome(forked(lambda: (arm(fault, at, self.data), work())))
            self.done.append(f"rebuilding {fault} at {at}: {lost}")
        self.done.append(f"rebuilt{' with the lake' if lake else ''}: {self.outcome(forked(work))}")

    # ---- afterwards ----

    def put_right(self, reference: str, clock: float) -> list[str]:
        """One more night, and how what it leaves differs from what undisturbed nights leave."""
        short_night.run(self.data, clock=timedelta(days=clock))
        expected = pickle.loads((self.base / f"{reference}.pickle").read_bytes())
        return self.audited() + short_night.differences(short_night.left_by(self.data), expected)

    def audited(self) -> list[str]:
        from jiceng import upkeep

        account = upkeep.audited(short_night.settings_of(self.data), lambda done, total: None)
        found = [f"{problem.kind.name} {problem.sha256}" for problem in account.problems]
        return found + ([f"{account.pending} pending"] if account.pending else [])


NIGHTS = [
    Trial.at_a_point,
    Trial.at_a_moment,
    Trial.on_a_small_disk,
    Trial.with_small_files,
    Trial.two_at_once,
    Trial.by_steps,
]
AFTERWARDS = [
    Trial.ledger_damaged,
    Trial.ledger_lost,
    Trial.lake_lost,
    Trial.lake_damaged,
    Trial.register_lost,
    Trial.register_damaged,
    Trial.archive_damaged,
]
KINDS = [*NIGHTS[:3] * 4, *NIGHTS, Trial.read_only, Trial.with_another_clock, *AFTERWARDS]


# ---- one after the other ----


def in_a_folder(base: Path, work: Callable[[Path], Any]) -> Any:
    """What is done in a new folder, by a process that may have a disk of its own there."""
    with tempfile.TemporaryDirectory(dir=base.parent) as folder:
        return answer_of(lambda: work(Path(folder)))


# ---- what undisturbed nights leave ----


def measured(base: Path) -> tuple[int, float]:
    """Leave beside the inboxes what undisturbed nights make of them; how many points a night has, how long it takes."""

    def work(folder: Path) -> tuple[int, float]:
        trial = Trial(base, folder, 0, 0, 0, 0)
        trial.put("first")
        passed = count_points(folder)
        started = time.monotonic()
        short_night.run(folder)
        seconds = time.monotonic() - started
        (base / "first.pickle").write_bytes(pickle.dumps(short_night.left_by(folder)))
        trial.put("second")
        points = passed()
        short_night.run(folder)
        (base / "both.pickle").write_bytes(pickle.dumps(short_night.left_by(folder)))
        return points, seconds

    points, seconds = in_a_folder(base, work)
    return points, seconds


def main(base: Path, seed: int, first: int, last: int) -> None:
    short_night.warm_up()
    points, seconds = measured(base)
    print(json.dumps({"points": points, "seconds": seconds}), flush=True)
    for number in range(first, last):

        def work(folder: Path, number: int = number) -> dict[str, object]:
            trial = Trial(base, folder, number, seed, points, seconds)
            signal.alarm(_LONGEST)
            try:
                wrong = trial.run()
            except Exception:
                wrong = [traceback.format_exc()]
            return {"number": number, "done": trial.done, "wrong": wrong}

        found = in_a_folder(base, work)
        if not isinstance(found, dict):
            found = {"number": number, "done": [], "wrong": found}
        print(json.dumps(found, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
