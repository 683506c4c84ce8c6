"""What a question may take: `jiceng query` answers it in a process of its own, which the kernel and a clock hold.

Who imports this, or asks through `jiceng.query`, is held to nothing. DuckDB's own limit counts no texts, and a library
that gets no memory may abort instead of saying so: only another process can then say what happened.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.process_limits import end_with, limit_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LEAST_MEMORY_MIB = 256
_MOST_MEMORY_MIB = 4096
_MIB = 1024 * 1024
_OF_CONTAINER = Path("/sys/fs/cgroup/memory.max")
_STACK_MIB = 8  # that a thread of the database reserves and hardly touches
_OUT_OF_TIME = 75  # exit codes of the process that asks: the first its own, the second the C library's, out of memory
_GAVE_UP = 127
_BROKEN = (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL, -signal.SIGFPE)
_PATIENCE_SECONDS = 5.0  # for the database to notice that it is interrupted
_AGAIN_SECONDS = 0.1  # a question that has only just begun forgets that it was interrupted


class OverLimitError(Exception):
    """A question took more than it may, with what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a question may take; the clock stops when the answer is there, printing it takes as it takes."""

    seconds: int
    memory_mib: int

    @property
    def database_mib(self) -> int:
        """What the database may hold of the memory: it lets go of what it read before, and says best what it lacks."""
        return self.memory_mib * 3 // 4

    def out_of_time(self) -> str:
        """Says what the limit was and what to do."""
        return (
            f"查询超过 {self.seconds} 秒还没有答完，已停止：请加条件或先汇总，确需更久请加 --seconds · "
            f"no answer within {self.seconds} seconds: narrow it, aggregate first, or allow more with --seconds"
        )

    def out_of_memory(self) -> str:
        """Says what the limit was and what to do."""
        return (
            f"查询需要的内存超过 {self.memory_mib} MiB，已停止：请加条件、少选列或先汇总，确需更多请加 --memory · "
            f"the query needs more than {self.memory_mib} MiB of memory: narrow it, select fewer columns or aggregate "
            "first, or allow more with --memory"
        )


def limits(seconds: int, memory_mib: int | None) -> Limits:
    """The limits asked for; memory that nobody names is 4 GiB, or half of what the machine or container has if less."""
    return Limits(seconds, memory_mib or max(LEAST_MEMORY_MIB, min(_MOST_MEMORY_MIB, _machine_mib() // 2)))


@contextmanager
def held_to(limits: Limits) -> Iterator[None]:
    """Go on in a child process that is held to the limits; this one waits, and leaves with its exit code.

    Raises OverLimitError: in the child for what it can tell itself, here for a child that memory or time ended.
    """
    sys.stdout.flush()
    parent = os.getpid()
    gc.freeze()  # the collector would write to all of it, and each process then needs a copy of its own
    if child := os.fork():
        _leave_with(child, limits)
    end_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the database does not always look up for Python's own
    limit_memory(limits.memory_mib + _STACK_MIB * (os.cpu_count() or 1))
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "allocate" not in str(error):  # as DuckDB says it of rows
            raise
        raise OverLimitError(limits.out_of_memory()) from error
    finally:
        limit_memory(None)  # saying what went wrong takes some, too


@contextmanager
def in_time(connection: DuckDBPyConnection, limits: Limits | None) -> Iterator[None]:
    """Interrupt what the connection is asked when time is up; end this process when that does not help.

    Without limits nothing happens: only a process of `held_to` may be ended.
    """
    if limits is None:
        yield
        return
    answered = threading.Event()
    threading.Thread(target=_watch, args=(connection, limits.seconds, answered), daemon=True).start()
    try:
        yield
    finally:
        answered.set()


def _watch(connection: DuckDBPyConnection, seconds: float, answered: threading.Event) -> None:
    if answered.wait(seconds):
        return
    for _ in range(round(_PATIENCE_SECONDS / _AGAIN_SECONDS)):
        connection.interrupt()
        if answered.wait(_AGAIN_SECONDS):
            return
    os._exit(_OUT_OF_TIME)


def _leave_with(child: int, limits: Limits) -> None:
    """Wait for the child, then leave as it left; raises OverLimitError when it could not say itself what was wrong."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends the child
    try:
        _, status = os.waitpid(child, 0)
    finally:
        signal.signal(signal.SIGINT, before)
    code = os.waitstatus_to_exitcode(status)
    if code == _OUT_OF_TIME:
        raise OverLimitError(limits.out_of_time())
    if code in (-signal.SIGABRT, -signal.SIGKILL, _GAVE_UP):  # the kernel kills who takes the machine's last memory
        raise OverLimitError(limits.out_of_memory())
    if code in _BROKEN:
        raise RuntimeError(f"the process of the query ended with {signal.Signals(-code).name}")
    os._exit(128 - code if code < 0 else code)  # nothing is left to do, and taking everything apart takes a while


def _machine_mib() -> int:
    """The memory of the machine, or of the container that this runs in."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or one without a limit
        machine = min(machine, int(_OF_CONTAINER.read_text(encoding="ascii")))
    return machine // _MIB
