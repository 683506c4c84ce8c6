"""Files that break whatever reads them cost themselves only."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.bad_files import corners_turned
from ingestion.boxed_process import Limits
from ingestion.forms import Forms
from ingestion.reading import WorkbookReader
from ingestion.reading_box import Box, LooseFile, in_order
from ingestion.records import Reading, Source
from ingestion.register import Register
from ingestion.workbook import WorkbookError

PROJECT = Path(__file__).resolve().parents[2]
LIMITS = Limits(memory_mib=200, seconds_among_others=0.3, seconds_alone=0.6, patience=2)


class Trapped(WorkbookReader):
    """Does to its process what the content of a file says."""

    def read(self, content: bytes, source: Source) -> Reading:
        match content:
            case b"abort":
                os.abort()
            case b"hang":
                while True:
                    pass
            case b"sleep":
                time.sleep(60)
            case b"grow":
                grown = []
                while True:
                    grown.append(bytearray(1 << 20))
            case b"killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case b"fault":
                raise KeyError("李家村 13800138000")
            case b"exit":
                os._exit(3)
        return Reading(reason=content.decode())


@pytest.fixture
def box(forms: Forms, register: Register) -> Iterator[Box]:
    made = Box(Trapped(forms, register), LIMITS)
    yield made
    made.close()


@pytest.fixture
def read(box: Box, tmp_path: Path) -> Callable[..., list[object]]:
    """What comes of files of these contents: the code of who was given up, else the reason the reader gave."""

    def run(*contents: bytes) -> list[object]:
        files = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.xlsx"
            path.write_bytes(content)
            files.append(LooseFile(path, Source(path.name)))
        found: list[object] = []
        for part in box.read(files, in_order):
            if isinstance(part, WorkbookError):
                found.append((part.code, part.reason_en))
            else:
                found.extend(reading.reason for reading in part)
        return found

    return run


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"abort", ("file_broke_reader", "the reading process ended with SIGABRT")),
        (b"exit", ("file_broke_reader", "the reading process ended with exit code 3")),
        (b"hang", ("file_too_slow", "not read within 0.6 seconds")),
        (b"sleep", ("file_too_slow", "not read within 0.6 seconds")),
        (b"grow", ("file_too_large", "reading takes more than 200 MB")),
        (b"killed", ("file_too_large", "reading takes more than 200 MB")),
    ],
)
def test_culprit_is_given_up_and_its_neighbours_are_read(
    read: Callable[..., list[object]], content: bytes, expected: tuple[str, str]
) -> None:
    good = [f"good {number}".encode() for number in range(9)]
    found = read(*good[:4], content, *good[4:])
    assert found == [*(text.decode() for text in good[:4]), expected, *(text.decode() for text in good[4:])]


def test_many_culprits_among_many_files(read: Callable[..., list[object]]) -> None:
    contents = [b"abort" if number % 40 == 7 else f"{number}".encode() for number in range(200)]
    found = read(*contents)
    assert [number for number, result in enumerate(found) if isinstance(result, tuple)] == [7, 47, 87, 127, 167]
    assert [result for result in found if isinstance(result, str)] == [str(n) for n in range(200) if n % 40 != 7]


def test_whatever_is_good_is_there_before_what_was_put_aside_is_tried(box: Box, tmp_path: Path) -> None:
    files = []
    for number in range(40):
        content = {3: b"x" * (5 << 20), 4: b"hang", 21: b"abort"}.get(number, b"good")
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)
        files.append(LooseFile(path, Source(path.name)))
    come = [range(first, first + count) for first, count, _ in box.as_they_come(files, in_order)]
    numbers = [number for part in come for number in part]
    assert sorted(numbers) == list(range(40))
    assert sorted(numbers[-3:]) == [3, 4, 21]


def test_fault_of_the_reader_costs_one_file_and_repeats_no_value(read: Callable[..., list[object]]) -> None:
    (first, fault, last) = read(b"a", b"fault", b"b")
    assert (first, last) == ("a", "b")
    assert str(fault).startswith("文件使读表程序中断，没有读：读表程序出错 · ")
    assert "KeyError at test_reading_box.py:" in str(fault)
    assert "13800138000" not in str(fault)


def test_file_that_cannot_be_opened_is_told_to_the_caller(box: Box, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(box.read([LooseFile(tmp_path / "x", Source("x"))], in_order))
    (tmp_path / "x").write_bytes(b"now it is there")
    ((reading,),) = box.read([LooseFile(tmp_path / "x", Source("x"))], in_order)
    assert reading.reason == "now it is there"


def test_box_that_lost_its_idle_processes_gets_others(box: Box, read: Callable[..., list[object]]) -> None:
    assert read(b"a", b"b") == ["a", "b"]
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
    assert read(b"c", b"d") == ["c", "d"]


_ORPHANED = """
import os, signal, sys
from pathlib import Path
from ingestion.forms import load_forms
from ingestion.reading_box import LooseFile, box_of, in_order
from ingestion.records import Source
from ingestion.register import Register

def pid(forms, readings):
    return [os.getpid() for _ in readings]

file = LooseFile(Path(sys.argv[1]), Source("x.csv"))
print(*next(iter(box_of(load_forms(), Register()).read([file], pid))), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a,b")
    started = subprocess.run(
        [sys.executable, "-c", _ORPHANED, str(tmp_path / "x.csv")],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        check=False,
    )
    assert started.returncode == -signal.SIGKILL, started.stderr.decode()
    child = int(started.stdout)
    for _ in range(200):
        if not _is_running(child):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {child} outlived its parent")


def _is_running(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def _read_in_daemon(path: Path, forms: Forms, register: Register, answer: multiprocessing.SimpleQueue[object]) -> None:
    box = Box(WorkbookReader(forms, register), LIMITS)
    answer.put([reading.reason for part in box.read([LooseFile(path, Source("x.xlsx"))], in_order) for reading in part])
    box.close()


def test_daemonic_process_may_use_the_box(tmp_path: Path, forms: Forms, register: Register) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"")
    context = multiprocessing.get_context("fork")
    answer = context.SimpleQueue()
    arguments = (tmp_path / "x.xlsx", forms, register, answer)
    process = context.Process(target=_read_in_daemon, args=arguments, daemon=True)
    process.start()
    process.join(60)
    assert (process.exitcode, answer.get()) == (0, ["文件是空的 · The file is empty"])


def test_workbook_that_makes_calamine_abort_is_given_up(tmp_path: Path, forms: Forms, register: Register) -> None:
    (tmp_path / "x.xlsx").write_bytes(corners_turned("李家村"))
    box = Box(WorkbookReader(forms, register))
    (lost,) = box.read([LooseFile(tmp_path / "x.xlsx", Source("x.xlsx"))], in_order)
    box.close()
    assert isinstance(lost, WorkbookError)
    assert (lost.code, lost.reason_en) == ("file_too_large", "reading takes more than 768 MB")
