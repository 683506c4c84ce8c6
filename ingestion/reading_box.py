"""The box: workbooks are opened and read in child processes with limits on memory and time.

A file that aborts its process, hangs it or makes it grow costs itself only: what its process had read beside it is read
again by another, and the file is put aside, as is one that is large. What was put aside is read alone, when everything
else has been read: it holds up nothing but itself.
"""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple

from pebble import ProcessExpired

from ingestion.box_keeper import Loss, too_slow
from ingestion.box_lane import Chunk, Lane
from ingestion.boxed_process import Aside, Gather, Limits, Part, ToRead
from ingestion.forms import Forms
from ingestion.reading import WorkbookReader, reader_of
from ingestion.records import Reading, Source
from ingestion.register import Register
from ingestion.workbook import WorkbookError

_CHUNK = 50  # files that a process is given at once
_MOST_LANES = 2
_LOOK_AGAIN_AFTER = 1.0  # seconds
_MOST_DEATHS = 5  # of processes of a lane, one after the other

_last: list[Box] = []


def box_of(forms: Forms, register: Register) -> Box:
    """The box for these specs and this register: the last one if they are the same, with all its processes remember."""
    if _last and not _last[0].serves(forms, register):
        close_box()
    if not _last:
        _last[:] = [Box(reader_of(forms, register))]
    return _last[0]


def close_box() -> None:
    """End the processes of the last box."""
    while _last:
        _last.pop().close()


class LooseFile(NamedTuple):
    """A file that lies anywhere."""

    path: Path
    source: Source


def in_order(forms: Forms, readings: Iterable[tuple[LooseFile, Reading]]) -> list[Reading]:
    """The readings themselves."""
    return [reading for _, reading in readings]


class Box:
    """Reads files in processes of its own, which live until it is closed or its own process ends."""

    def __init__(self, reader: WorkbookReader, limits: Limits | None = None) -> None:
        self._reader = reader
        self._process = os.getpid()
        # Not every system can tell which of its processors a process may use.
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        count = min(_MOST_LANES, usable)
        self._limits = limits or Limits()
        self._lanes = [Lane(reader, self._limits) for _ in range(count)]

    def serves(self, forms: Forms, register: Register) -> bool:
        """Whether its readings are those of these specs and this register."""
        if self._process != os.getpid():  # a copy, in a process forked from the one that has the box
            return False
        own = self._reader
        # A register that was not loaded has no version that tells it from another.
        is_same = own.register is register or own.register.version == register.version != "literal"
        return own.forms.version == forms.version and is_same

    def read(self, files: Sequence[ToRead], gather: Gather[Part]) -> Iterator[Part | WorkbookError]:
        """What was gathered from the readings of files, in their order; an error for each file that was given up.

        `gather` runs in the child and is pickled, as is what it returns. Raises OSError when a file cannot be opened.
        """
        ahead: dict[int, tuple[int, Part | WorkbookError]] = {}
        position = 0
        for first, count, result in self.as_they_come(files, gather):
            ahead[first] = count, result
            while position in ahead:
                count, result = ahead.pop(position)
                position += count
                yield result

    def as_they_come(
        self, files: Sequence[ToRead], gather: Gather[Part]
    ) -> Iterator[tuple[int, int, Part | WorkbookError]]:
        """The same as soon as each is there, with the position of its first file and how many files it is of."""
        size = max(1, min(_CHUNK, -(-len(files) // len(self._lanes))))
        queue = _Queue([Chunk(begin, files[begin : begin + size]) for begin in range(0, len(files), size)])
        try:
            while queue.is_left() or any(lane.running for lane in self._lanes):
                is_reading_others = any(not chunk.is_aside for lane in self._lanes for chunk, _ in lane.running)
                for lane in self._lanes:
                    while (chunk := queue.next(is_reading_others)) and lane.takes(chunk):
                        queue.take()
                        lane.start(chunk, gather)
                        is_reading_others |= not chunk.is_aside
                running = [future for lane in self._lanes for _, future in lane.running]
                wait(running, timeout=_LOOK_AGAIN_AFTER, return_when=FIRST_COMPLETED)
                for lane in self._lanes:
                    yield from _take_in(lane, queue, self._limits)
        finally:
            for lane in self._lanes:
                lane.abandon()

    def close(self) -> None:
        """End the processes."""
        if self._process == os.getpid():
            for lane in self._lanes:
                lane.close()


class _Queue:
    """What is still to be read: chunks of files, and the files that were put aside."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self.others = deque(chunks)
        self.aside: deque[Chunk] = deque()

    def next(self, is_reading_others: bool) -> Chunk | None:
        """What comes next, if anything may be started now; what was put aside comes when all others have been read."""
        if self.others:
            return self.others[0]
        return self.aside[0] if self.aside and not is_reading_others else None

    def take(self) -> Chunk:
        return (self.others or self.aside).popleft()

    def put_back(self, chunk: Chunk) -> None:
        (self.aside if chunk.is_aside else self.others).appendleft(chunk)

    def put_aside(self, chunk: Chunk, position: int) -> None:
        number = position - chunk.first
        self.aside.append(Chunk(position, chunk.files[number : number + 1], is_aside=True))

    def is_left(self) -> bool:
        return bool(self.others or self.aside)


def _take_in(lane: Lane, queue: _Queue, limits: Limits) -> Iterator[tuple[int, int, Part | WorkbookError]]:
    """Collect what a lane has finished; should its process have died, what it had been given is still to be read."""
    while lane.running and (lane.running[0][1].done() or lane.is_deserted):
        chunk, future = lane.running[0]
        try:
            if not future.done():
                raise BrokenProcessPool("its process died before it began")
            found = future.result()
        except (ProcessExpired, BrokenProcessPool, TimeoutError) as death:
            lane.deaths += 1
            if lane.deaths > _MOST_DEATHS:
                raise OSError(f"读表进程一再中断 · the processes that read keep dying: {death}") from death
            for later, _ in reversed([*lane.running][1:]):
                queue.put_back(later)
            lane.replace()
            if not isinstance(death, TimeoutError):
                queue.put_back(chunk)
            elif len(chunk.files) > 1:
                for position in range(chunk.first, chunk.first + len(chunk.files)):
                    queue.put_aside(chunk, position)
            else:
                yield chunk.first, 1, WorkbookError(*too_slow(limits))
        else:
            lane.running.popleft()
            lane.deaths = 0
            position = chunk.first
            for count, content in found:
                if isinstance(content, Aside):
                    queue.put_aside(chunk, position)
                elif isinstance(content, Loss):
                    yield position, 1, WorkbookError(*content)
                else:
                    yield position, count, pickle.loads(content)  # noqa: S301 - from a process of our own
                position += count
