"""The box: workbooks are opened and read in child processes with limits on memory and time.

A file that aborts its process, hangs it or makes it grow costs itself only: what its process had read beside it is read
again by another, and the file is tried once more alone before it is given up with a reason.
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

from ingestion.box_lane import Chunk, Lane
from ingestion.boxed_process import Gather, Limits, Part, ToRead
from ingestion.forms import Forms
from ingestion.reading import WorkbookReader, reader_of
from ingestion.records import Reading, Source
from ingestion.register import Register
from ingestion.workbook import WorkbookError

_CHUNK = 50  # files that a process reads before it hands over what it found
_MOST_LANES = 2
_MOST_DEATHS = 5  # of processes, one after the other, that no file accounts for

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
        self._lanes = [Lane(reader, limits or Limits()) for _ in range(count)]

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
        size = max(1, min(_CHUNK, -(-len(files) // len(self._lanes))))
        waiting = deque(Chunk(first, files[first : first + size]) for first in range(0, len(files), size))
        done: dict[int, tuple[int, Part | WorkbookError]] = {}
        position = 0
        try:
            while position < len(files):
                for lane in self._lanes:
                    while waiting and lane.takes(waiting[0]):
                        lane.start(waiting.popleft(), gather)
                wait([future for lane in self._lanes for _, future in lane.running], return_when=FIRST_COMPLETED)
                for lane in self._lanes:
                    _take_in(lane, waiting, done)
                while position in done:
                    count, result = done.pop(position)
                    position += count
                    yield result
        finally:
            for lane in self._lanes:
                lane.abandon()

    def close(self) -> None:
        """End the processes."""
        if self._process == os.getpid():
            for lane in self._lanes:
                lane.close()


def _take_in(lane: Lane, waiting: deque[Chunk], done: dict[int, tuple[int, Part | WorkbookError]]) -> None:
    """Collect what a lane has finished; when its process died, see to what it had been given."""
    while lane.running and lane.running[0][1].done():
        chunk, future = lane.running[0]
        try:
            content = future.result()
        except (ProcessExpired, BrokenProcessPool, TimeoutError) as death:
            waiting.extendleft(later for later, _ in reversed([*lane.running][1:]))
            _see_to(chunk, death, lane, waiting, done)
            lane.replace()
        else:
            lane.running.popleft()
            lane.deaths = 0
            done[chunk.first] = len(chunk.files), pickle.loads(content)  # noqa: S301 - from a process of our own


def _see_to(
    chunk: Chunk,
    death: BaseException,
    lane: Lane,
    waiting: deque[Chunk],
    done: dict[int, tuple[int, Part | WorkbookError]],
) -> None:
    """Part the file that was in hand from those beside it; give it up when it was read alone."""
    number = lane.file_in_hand()
    first, files, _ = chunk
    if number is None:
        lane.deaths += 1
        if lane.deaths > _MOST_DEATHS:
            raise OSError(f"读表进程一再中断 · the processes that read keep dying: {death}") from death
        waiting.appendleft(chunk)
    elif len(files) == 1 and lane.was_fresh:
        lane.deaths = 0
        done[first] = 1, lane.loss(death)
    else:
        lane.deaths = 0
        waiting.append(Chunk(first + number, files[number : number + 1], alone=True))
        for begin, end in ((number + 1, len(files)), (0, number)):
            if begin < end:
                waiting.appendleft(Chunk(first + begin, files[begin:end]))
