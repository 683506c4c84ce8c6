"""A lane of the box: one child process at a time, replaced when it dies."""

from __future__ import annotations

import os
import signal
import tempfile
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from mmap import mmap
from multiprocessing.context import ForkContext, ForkProcess
from multiprocessing.process import current_process
from typing import NamedTuple

from pebble import ProcessExpired, ProcessPool

from ingestion.boxed_process import (
    OUT_OF_MEMORY,
    Aside,
    Gather,
    Limits,
    Place,
    ToRead,
    file_in_hand,
    read_chunk,
    settle_in,
)
from ingestion.reading import WorkbookReader
from ingestion.workbook import WorkbookError

_AHEAD = 2  # chunks given to a process, so that it need not wait for the next
_OUT_OF_TIME = (-signal.SIGPROF, -signal.SIGALRM)
_OUT_OF_MEMORY = (OUT_OF_MEMORY, -signal.SIGKILL)  # the kernel kills who takes the last of the machine's memory
_NO_MEMORY_LEFT = b"memory allocation of"  # what Rust says before it aborts
_LAST_WORDS = 1 << 16  # a trace may follow


class Chunk(NamedTuple):
    """Files that a process reads in one go; `first` is the position of the first of them.

    `is_aside`: a single file that was put aside to be read alone. `is_fresh`: by a new process, as it has cost one.
    """

    first: int
    files: Sequence[ToRead]
    is_aside: bool = False
    is_fresh: bool = False


Found = list[tuple[int, bytes | Aside]]


class Lane:
    """Chunks in the order in which they were started, and the process that reads them."""

    def __init__(self, reader: WorkbookReader, limits: Limits) -> None:
        self._reader, self._limits = reader, limits
        self.running: deque[tuple[Chunk, Future[Found]]] = deque()
        self.deaths = 0  # one after the other, that no file accounts for
        self._open()

    def takes(self, chunk: Chunk) -> bool:
        """Whether a chunk may be started now; a file that was put aside waits until nothing else is."""
        return len(self.running) < (1 if chunk.is_aside else _AHEAD)

    def start(self, chunk: Chunk, gather: Gather[object]) -> None:
        if (chunk.is_fresh and self._started) or not self._pool.active:
            self.replace()
        patience = len(chunk.files) * self._limits.seconds_alone * self._limits.patience
        self._started += 1
        self.running.append((chunk, self._pool.schedule(read_chunk, (chunk.files, gather), timeout=patience)))

    def file_in_hand(self) -> int | None:
        """Which file of the chunk that runs is being read, or was when the process died; counted from 0."""
        return file_in_hand(self._place)

    @property
    def is_deserted(self) -> bool:
        """Whether nobody will ever finish what was given to it: its idle process died just before."""
        return bool(self.running) and not self._pool.active

    @property
    def was_fresh(self) -> bool:
        """Whether what runs is the first thing that its process read."""
        return self._started == len(self.running)

    def loss(self, death: BaseException) -> WorkbookError:
        """Why a file is given up that was read alone, and cost its process."""
        code = death.exitcode if isinstance(death, ProcessExpired) else 0
        said = self._last_words()
        if isinstance(death, TimeoutError) or code in _OUT_OF_TIME:
            seconds = f"{self._limits.seconds_alone:g}"
            return WorkbookError("file_too_slow", f"读了 {seconds} 秒仍未读完", f"not read within {seconds} seconds")
        if code in _OUT_OF_MEMORY or _NO_MEMORY_LEFT in said:
            size = self._limits.memory_mib
            return WorkbookError(
                "file_too_large", f"读取需要的内存超过 {size} MB", f"reading takes more than {size} MB"
            )
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return WorkbookError("file_broke_reader", f"读取时程序中断（{name}）", f"the reading process ended with {name}")

    def replace(self) -> None:
        """End the process; another begins with the next chunk."""
        self.close()
        self._open()

    def abandon(self) -> None:
        """Let go of what still runs."""
        if self.running:
            self.replace()

    def close(self) -> None:
        self.running.clear()
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._complaints.close()

    def _open(self) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._place = Place(mmap(-1, 8), self._complaints.fileno())
        arguments = (self._reader, self._place, self._limits, os.getpid())
        self._pool = ProcessPool(1, initializer=settle_in, initargs=arguments, context=_Context())
        self._started = 0

    def _last_words(self) -> bytes:
        end = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, end - _LAST_WORDS))
        return self._complaints.read()


class _Process(ForkProcess):
    """A process that a daemonic one may start as well: a worker of Celery is one, and ours end with their parent."""

    def start(self) -> None:
        config: dict[str, object] = current_process()._config  # type: ignore[attr-defined]
        is_daemonic = config.pop("daemon", None)
        try:
            super().start()
        finally:
            if is_daemonic is not None:
                config["daemon"] = is_daemonic


class _Context(ForkContext):
    Process = _Process
