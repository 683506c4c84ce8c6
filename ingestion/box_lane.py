"""A lane of the box: one process at a time that keeps those that read, replaced should it die itself."""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from multiprocessing.context import ForkContext, ForkProcess
from multiprocessing.process import current_process
from typing import NamedTuple

from pebble import ProcessPool

from ingestion.box_keeper import Found, begin_keeping, read_chunk
from ingestion.boxed_process import Gather, Limits, ToRead
from ingestion.reading import WorkbookReader

_AHEAD = 2  # chunks given to a process, so that it need not wait for the next


class Chunk(NamedTuple):
    """Files that are read in one go; `first` is the position of the first, `is_aside` a single one put aside."""

    first: int
    files: Sequence[ToRead]
    is_aside: bool = False


class Lane:
    """Chunks in the order in which they were started, and the process that sees to them."""

    def __init__(self, reader: WorkbookReader, limits: Limits) -> None:
        self._reader, self._limits = reader, limits
        self.running: deque[tuple[Chunk, Future[list[Found]]]] = deque()
        self.deaths = 0  # one after the other
        self._open()

    def takes(self, chunk: Chunk) -> bool:
        """Whether a chunk may be started now; a file that was put aside waits until nothing else is."""
        return len(self.running) < (1 if chunk.is_aside else _AHEAD) and not self.is_deserted

    def start(self, chunk: Chunk, gather: Gather[object]) -> None:
        if not self._pool.active:
            self.replace()
        count = len(chunk.files)
        patience = count * self._limits.seconds_alone * self._limits.patience
        pickled = pickle.dumps((chunk.files, gather), pickle.HIGHEST_PROTOCOL)
        self.running.append((chunk, self._pool.schedule(read_chunk, (pickled, count), timeout=patience)))

    @property
    def is_deserted(self) -> bool:
        """Whether nobody will ever finish what was given to it: its idle process died just before."""
        return bool(self.running) and not self._pool.active

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

    def _open(self) -> None:
        arguments = (self._reader, self._limits, os.getpid())
        self._pool = ProcessPool(1, initializer=begin_keeping, initargs=arguments, context=_Context())


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
