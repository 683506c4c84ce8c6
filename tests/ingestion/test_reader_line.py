"""Readers in line: who dies is replaced by one forked from who has read most, whoever else dies with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ingestion.reader_line import ReaderLine

known: list[str] = []


def answers(request: str) -> Iterator[tuple[int, list[str]]]:
    """Learns what it is asked, and says by which process and what that knew before."""
    if request == "exit":
        os._exit(3)
    before = [*known]
    known.append(request)
    yield os.getpid(), before


def asked(line: ReaderLine, request: str, files: int = 1) -> tuple[int, list[str]]:
    found: tuple[int, list[str]] = line.ask(request).recv()
    line.has_read(files)
    return found


def fails(line: ReaderLine) -> int:
    """Have the last in line exit; what it is seen to end with."""
    with pytest.raises(EOFError):
        line.ask("exit").recv()
    return line.shorten()


def knowledge_survives() -> object:
    line = ReaderLine(answers)
    found = [asked(line, "a", 100)[1], asked(line, "b")[1], fails(line), asked(line, "c")[1]]
    found += [fails(line), asked(line, "d")[1]]
    line.end()
    return found


def young_are_not_kept() -> object:
    line = ReaderLine(answers)
    found = [asked(line, "a", 98)[1], asked(line, "b")[1], fails(line), asked(line, "c")[1]]
    line.end()
    return found


def kept_again_once_one_has_died() -> object:
    line = ReaderLine(answers)
    found = [asked(line, "a", 100)[1], asked(line, "b", 100)[1], asked(line, "c")[1], fails(line)]
    found += [asked(line, "d", 300)[1], asked(line, "e", 100)[1], fails(line), asked(line, "f")[1]]
    line.end()
    return found


def who_waits_is_killed() -> object:
    line = ReaderLine(answers)
    first, _ = asked(line, "a", 100)
    second, _ = asked(line, "b")
    os.kill(first, signal.SIGKILL)
    with pytest.raises((EOFError, ConnectionError)):  # it ends with the one it was forked from
        while True:
            asked(line, "c")
    return [line.shorten(), asked(line, "d")[1], _left([first, second]), line.end(), _processes_of(os.getpid())]


def who_waits_is_killed_as_another_dies() -> object:
    line = ReaderLine(answers)
    first, _ = asked(line, "a", 100)
    second, _ = asked(line, "b")
    with pytest.raises(EOFError):
        line.ask("exit").recv()
    os.kill(first, signal.SIGKILL)
    line.shorten()
    return [asked(line, "c")[1], _left([first, second]), line.end(), _processes_of(os.getpid())]


def whole_line_ends() -> object:
    line = ReaderLine(answers)
    processes = {asked(line, str(number), 100)[0] for number in range(3)}
    fails(line)
    processes |= {asked(line, str(number), 100)[0] for number in range(17)}
    line.end()
    return [len(processes), _left(processes), asked(line, "b")[1], line.end(), _processes_of(os.getpid())]


def _left(processes: object) -> list[int]:
    return [process for process in processes if Path(f"/proc/{process}").exists()]  # type: ignore[attr-defined]


def _processes_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in children.read_text(encoding="ascii").split()]


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (knowledge_survives, [[], ["a"], 3, ["a"], 3, ["a"]]),
        (young_are_not_kept, [[], ["a"], 3, []]),
        (
            kept_again_once_one_has_died,
            [[], ["a"], ["a", "b"], 3, ["a"], ["a", "d"], 3, ["a", "d"]],
        ),
        (who_waits_is_killed, [-9, [], [], None, []]),
        (who_waits_is_killed_as_another_dies, [[], [], None, []]),
        (whole_line_ends, [5, [], [], None, []]),
    ],
)
def test_line(life: Callable[[], object], expected: object) -> None:
    """In a process of its own, for whoever has a line is to have no other children."""
    if not Path("/proc/self/task").exists():
        pytest.skip("this system does not list the processes that come from one")
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_tell, args=(life, theirs))
    process.start()
    theirs.close()
    assert ours.recv() == expected
    process.join()


def _tell(life: Callable[[], object], link: Connection) -> None:
    link.send(life())
