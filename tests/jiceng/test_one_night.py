"""One night at a time, whoever runs it and however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from jiceng.one_night import NightIsRunning, is_at_work, one_step, whole_night

Holds = Callable[[Path, str], AbstractContextManager[None]]


@contextmanager
def other_process(holds: str, data: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input closes."""
    program = f"""
        import sys
        from pathlib import Path
        from jiceng.one_night import one_step, whole_night
        with {holds}(Path(sys.argv[1]), "20140331T170000Z"):
            print("held", flush=True)
            sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_second_night_is_told_who_is_at_work(tmp_path: Path) -> None:
    with (
        other_process("whole_night", tmp_path) as other,
        pytest.raises(NightIsRunning, match=rf"20140331T170000Z pid {other.pid}"),
        whole_night(tmp_path, "n2"),
    ):
        pass


def test_night_does_not_begin_beside_a_step(tmp_path: Path) -> None:
    with other_process("one_step", tmp_path), pytest.raises(NightIsRunning), whole_night(tmp_path, "n2"):
        pass


def test_step_does_not_begin_beside_another_night(tmp_path: Path) -> None:
    with (
        other_process("whole_night", tmp_path),
        pytest.raises(NightIsRunning),
        one_step(tmp_path, "n2", wait_seconds=0.3),
    ):
        pass


def test_steps_work_side_by_side(tmp_path: Path) -> None:
    with other_process("one_step", tmp_path), one_step(tmp_path, "n2", wait_seconds=0):
        assert is_at_work(tmp_path)


def test_night_takes_its_own_steps_and_leaves_the_lock(tmp_path: Path) -> None:
    with whole_night(tmp_path, "n1"):
        with one_step(tmp_path, "n1", wait_seconds=0):
            pass
        with one_step(tmp_path, "n1", wait_seconds=0):
            assert is_at_work(tmp_path)
    assert not is_at_work(tmp_path)
    with whole_night(tmp_path, "n2"):
        pass


def test_killed_night_gives_the_lock_up(tmp_path: Path) -> None:
    with other_process("whole_night", tmp_path) as other:
        other.kill()
        other.wait()
        with whole_night(tmp_path, "n2"):
            pass


def test_nobody_is_at_work_where_no_night_ever_was(tmp_path: Path) -> None:
    assert not is_at_work(tmp_path / "nowhere")


@pytest.mark.parametrize("holds", [whole_night, one_step])
def test_processes_that_a_night_forks_do_not_hold_the_lock_on(holds: Holds, tmp_path: Path) -> None:
    """What reads tables lives as long as the process that started it, which may go on after its night."""
    (begun, beginning), (ended, ending) = os.pipe(), os.pipe()
    with holds(tmp_path, "n1"):
        forked = os.fork()
        if not forked:
            os.close(ending)
            os.write(beginning, b".")
            os.read(ended, 1)
            os._exit(0)
        os.read(begun, 1)
        assert is_at_work(tmp_path)
    try:
        assert not is_at_work(tmp_path)
    finally:
        os.close(ending)
        os.waitpid(forked, 0)
        for descriptor in (begun, beginning, ended):
            os.close(descriptor)
