"""One night at a time: a lock on a file of the data folder, which the system gives up when its holder is gone.

A whole night holds it alone. A step by itself, as Airflow runs them, shares it with the other steps of its night.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jiceng.private_files import keep_private

_WAIT_SECONDS = 3600.0
_POLL_SECONDS = 0.2
_held: set[Path] = set()  # what this process holds alone: a second descriptor of its own would wait for ever
_locks: set[int] = set()  # the descriptors of what it holds in any way


class NightIsRunning(Exception):  # noqa: N818 - it is what the caller is told
    """Another night works on the same data."""


@contextmanager
def whole_night(data_dir: Path, run_id: str) -> Iterator[None]:
    """Keep every other night and step out; raises NightIsRunning at once when one is at work."""
    path = _lock_file(data_dir)
    with _opened(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(path) from None
        _sign(lock, run_id)
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)


@contextmanager
def one_step(data_dir: Path, run_id: str, *, wait_seconds: float = _WAIT_SECONDS) -> Iterator[None]:
    """Work beside the other steps of a night, never beside a whole night: that is waited for.

    Raises NightIsRunning when it has not ended after `wait_seconds`.
    """
    path = _lock_file(data_dir)
    if path in _held:
        yield
        return
    with _opened(path) as lock:
        deadline = time.monotonic() + wait_seconds
        while not _shared(lock):
            if time.monotonic() > deadline:
                raise _busy(path)
            time.sleep(_POLL_SECONDS)
        _sign(lock, run_id)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _locks.add(lock)
    try:
        yield lock
    finally:
        if lock in _locks:  # not let go of meanwhile
            _locks.discard(lock)
            os.close(lock)


def _let_go() -> None:
    """A process that is forked to read tables would hold the lock on after its parent gave it up."""
    for lock in _locks:
        os.close(lock)
    _locks.clear()
    _held.clear()


os.register_at_fork(after_in_child=_let_go)


def _lock_file(data_dir: Path) -> Path:
    keep_private(data_dir)
    return data_dir.resolve() / "night.lock"


def _shared(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(lock: int, run_id: str) -> None:
    """Say who holds it, for whoever finds it held."""
    text = f"{run_id} pid {os.getpid()}\n".encode()
    os.ftruncate(lock, 0)
    os.pwrite(lock, text, 0)


def _busy(path: Path) -> NightIsRunning:
    holder = path.read_text(encoding="utf-8", errors="replace").strip() or "?"
    return NightIsRunning(
        f"另一晚正在进行（{holder}），请待其结束 · another night is at work ({holder}): wait until it has ended"
    )


def is_at_work(data_dir: Path) -> bool:
    """Whether a night, or a step of one, is at work right now."""
    path = data_dir / "night.lock"
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
