"""What a death in the box leaves behind: nothing lost, nothing read twice that need not be, nothing left over."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pebble
import pytest

from ingestion import box_lane
from ingestion.boxed_process import Limits
from ingestion.forms import Forms
from ingestion.reading import WorkbookReader
from ingestion.reading_box import Box, LooseFile
from ingestion.records import Reading, Source
from ingestion.register import Register
from ingestion.workbook import WorkbookError

LIMITS = Limits(memory_mib=200, seconds_alone=3, patience=3)


class Trapped(WorkbookReader):
    """Notes what it reads, and by which process, in the file that the content names, then does what that says."""

    def read(self, content: bytes, source: Source) -> Reading:
        deed, log = content.decode().split(" ")
        with Path(log).open("a", encoding="utf-8") as notes:
            notes.write(f"{source.file_name} {os.getpid()} {os.getppid()}\n")
        until = time.process_time() + 1
        match deed:
            case "abort":
                os.abort()
            case "slow":
                while time.process_time() < until:
                    pass
            case "large":
                bytearray(100 << 20)
            case "sleep":
                time.sleep(60)
        return Reading(reason=deed)


def reasons(forms: Forms, readings: Iterable[tuple[LooseFile, Reading]]) -> list[str | None]:
    return [reading.reason for _, reading in readings]


@pytest.fixture
def box(forms: Forms, register: Register) -> Iterator[Box]:
    made = Box(Trapped(forms, register), LIMITS)
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path) -> Callable[[Sequence[str]], list[LooseFile]]:
    def write(deeds: Sequence[str]) -> list[LooseFile]:
        made = []
        for number, deed in enumerate(deeds):
            path = tmp_path / f"{number}.xlsx"
            path.write_text(f"{deed} {tmp_path / 'log'}", encoding="utf-8")
            made.append(LooseFile(path, Source(str(number))))
        return made

    return write


def read(box: Box, files: Sequence[LooseFile]) -> list[str | None]:
    """For every file what it did, or the code it was given up for."""
    found: list[str | None] = []
    for part in box.read(files, reasons):
        found.extend([part.code] if isinstance(part, WorkbookError) else part)
    return found


def noted(tmp_path: Path) -> list[list[str]]:
    return [line.split() for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("deed", ["slow", "large"])
def test_file_that_needs_more_than_others_is_read_alone(
    box: Box, files: Callable[[Sequence[str]], list[LooseFile]], deed: str
) -> None:
    assert read(box, files(["good", "good", deed, "good"])) == ["good", "good", deed, "good"]


def test_what_was_read_before_a_death_is_kept(
    box: Box, files: Callable[[Sequence[str]], list[LooseFile]], tmp_path: Path
) -> None:
    assert read(box, files(["abort"])) == ["file_broke_reader"]
    (tmp_path / "log").unlink()
    deeds = ["abort" if number % 50 == 45 else "good" for number in range(400)]
    found = read(box, files(deeds))
    assert found == ["file_broke_reader" if deed == "abort" else "good" for deed in deeds]
    again = len(noted(tmp_path)) - len(deeds)
    # By each of eight a handful of files before it; itself twice more, alone and, where its process had read others, by
    # a new one.
    assert again <= 8 * (9 + 2)


def test_after_a_death_others_are_made_after_one_that_has_read_much(
    box: Box, files: Callable[[Sequence[str]], list[LooseFile]], tmp_path: Path
) -> None:
    read(box, files(["abort", "abort", *["good"] * 198]))
    (tmp_path / "log").unlink()
    read(box, files(["good"] * 200))
    readers = {(process, parent) for _, process, parent in noted(tmp_path)}
    above = {Path(f"/proc/{parent}/stat").read_text(encoding="utf-8").split()[3] for _, parent in readers}
    assert above - {str(os.getpid())}  # not the keeper that we started, but one below it


def test_many_deaths_leave_no_process_and_no_open_file_behind(
    box: Box, files: Callable[[Sequence[str]], list[LooseFile]]
) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not list the open files of a process")
    given = files(["abort" if number % 4 == 0 else "good" for number in range(200)])
    read(box, given)  # what is begun once has been begun
    before = open_files()
    read(box, given)
    assert open_files() == before


def open_files() -> list[int]:
    """Of this process and all that come from it, how many files each has open; a dead one that nobody saw has none."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    own = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in own} - own:
        own |= more
    return sorted(len(list(Path(f"/proc/{process}/fd").iterdir())) for process in own)


def test_closing_ends_who_reads(
    forms: Forms, register: Register, files: Callable[[Sequence[str]], list[LooseFile]], tmp_path: Path
) -> None:
    box = Box(Trapped(forms, register), LIMITS)
    (good, sleeping) = files(["good", "sleep"])
    come = box.as_they_come([good, sleeping], reasons)
    assert next(come)[2] == ["good"]
    while len(noted(tmp_path)) < 2:
        time.sleep(0.01)
    come.close()  # type: ignore[attr-defined]
    box.close()
    assert [process for _, process, _ in noted(tmp_path) if Path(f"/proc/{process}").exists()] == []


class Unlucky(pebble.ProcessPool):
    """A pool whose idle process is killed just after it was found to be alive, the first time."""

    is_unlucky = True

    def _check_pool_status(self) -> None:
        super()._check_pool_status()  # type: ignore[no-untyped-call]
        if Unlucky.is_unlucky:
            Unlucky.is_unlucky = False
            for process in [*self._pool_manager.worker_manager.workers.values()]:
                process.kill()
            while self.active:
                time.sleep(0.01)


def test_process_killed_just_before_it_is_given_work_leaves_nobody_waiting(
    forms: Forms,
    register: Register,
    files: Callable[[Sequence[str]], list[LooseFile]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(box_lane, "ProcessPool", Unlucky)
    box = Box(Trapped(forms, register), LIMITS)
    assert read(box, files(["good"] * 4)) == ["good"] * 4
    assert not Unlucky.is_unlucky
    box.close()
