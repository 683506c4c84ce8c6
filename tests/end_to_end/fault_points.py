"""Faults at the nth thing that this process does to its disk: it is killed there, half a write is done, or it fails.

Counted are files opened to be written, written, flushed, renamed, removed and linked, folders made, Parquet files,
and statements and commits of the ledger, as Python sees them. Nothing in the product knows of this.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_OF_NAMES = ("os.rename", "os.remove", "os.mkdir", "os.symlink", "os.link", "os.chmod", "sqlite3.connect")
_OF_THE_LEDGER = ("INSERT", "UPDATE", "DELETE", "CREATE")


class Fault(StrEnum):
    KILLED = "killed"  # before it is done
    TORN = "torn"  # half of a write is done, then killed; killed where nothing is written
    FAILED = "failed"  # the disk says no, once


class _Points:
    def __init__(self, fault: Fault, at: int, below: Path) -> None:
        self._fault, self._at, self._below = fault, at, str(below)
        self._process, self._lock = os.getpid(), threading.Lock()
        self.passed = 0

    def come_to(self, half: Callable[[], object] | None = None, *, may_fail: bool = True) -> None:
        if os.getpid() != self._process:  # forked from it, to read tables
            return
        with self._lock:
            self.passed += 1
            is_here = self.passed == self._at
        if not is_here:
            return
        if self._fault is Fault.FAILED:
            if may_fail:
                raise OSError(errno.EIO, os.strerror(errno.EIO), self._below)
            return
        if self._fault is Fault.TORN and half:
            half()
        _die()

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """What Python tells of before it is done."""
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITES and self._is_below(path):
                self.come_to()
        elif event in _OF_NAMES and (event == "os.remove" or any(self._is_below(path) for path in arguments[:2])):
            self.come_to(may_fail=event != "sqlite3.connect")

    def _is_below(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).__str__().startswith(self._below)


def count_points(below: Path) -> Callable[[], int]:
    """How many points were passed since, by this process."""
    points = _Points(Fault.KILLED, 0, below)
    _watch(points)
    return lambda: points.passed


def arm(fault: Fault, at: int, below: Path) -> None:
    """Have the fault happen at the point of that number, counted from 1. For a process that ends soon."""
    _watch(_Points(fault, at, below))


def _watch(points: _Points) -> None:
    import pyarrow.parquet as pq
    import sqlalchemy as sa

    from ingestion import lake

    sys.addaudithook(points.hear)
    write, fsync, write_table, flush_all = os.write, os.fsync, pq.write_table, lake._flush_all

    def counted_write(descriptor: int, content: Any) -> int:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            points.come_to(lambda: write(descriptor, content[: len(content) // 2]))
        return write(descriptor, content)

    def counted_fsync(descriptor: int) -> None:
        points.come_to()
        fsync(descriptor)

    def counted_table(table: Any, path: Path, **options: Any) -> None:
        def half() -> None:
            write_table(table, path, **options)
            os.truncate(path, path.stat().st_size // 2)

        points.come_to(half)
        write_table(table, path, **options)

    def counted_flush(path: Path) -> None:
        points.come_to()
        flush_all(path)

    os.write, os.fsync = counted_write, counted_fsync
    pq.write_table, lake._flush_all = counted_table, counted_flush

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def before_statement(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith(_OF_THE_LEDGER):
            points.come_to(may_fail=False)

    @sa.event.listens_for(sa.Engine, "commit")
    def before_commit(_: Any) -> None:
        points.come_to(may_fail=False)


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("outlived SIGKILL")
