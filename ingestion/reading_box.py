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

from pebble import CONSTS, ProcessExpired

from ingestion.box_lane import Chunk, Lane
from ingestion.boxed_process import Aside, Gather, Limits, Part, ToRead
from ingestion.forms import Forms
from ingestion.reading import WorkbookReader, reader_of
from ingestion.records import Reading, Source
from ingestion.register import Register
from ingestion.workbook import WorkbookError

_CHUNK = 50  # files that a process reads before it hands over what it found
# Once a file has cost its process others may: then what is lost with one is little, and a death is seen sooner.
_CAREFUL_CHUNK = 10
_LOOK_EVERY, _LOOK_CAREFULLY_EVERY = CONSTS.sleep_unit, 0.01  # seconds
_MOST_LANES = 2
_LOOK_AGAIN_AFTER = 1.0  # seconds
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
        self._is_careful = False  # whether the last files cost a process

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
        size = min(_CAREFUL_CHUNK if self._is_careful else _CHUNK, -(-len(files) // len(self._lanes)))
        queue = _Queue(_cut(0, files, max(1, size)))
        if self._is_careful:
            CONSTS.sleep_unit = _LOOK_CAREFULLY_EVERY
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
                    yield from _take_in(lane, queue)
            self._is_careful = queue.has_lost
        finally:
            CONSTS.sleep_unit = _LOOK_EVERY
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
        self.has_lost = False  # whether a process died

    def next(self, is_reading_others: bool) -> Chunk | None:
        """What comes next, if anything may be started now; what was put aside comes when all others have been read."""
        if self.others:
            return self.others[0]
        return self.aside[0] if self.aside and not is_reading_others else None

    def take(self) -> Chunk:
        return (self.others or self.aside).popleft()

    def be_careful(self) -> None:
        """A process has died: make little of what is still to be read."""
        self.has_lost = True
        CONSTS.sleep_unit = _LOOK_CAREFULLY_EVERY
        self.others = deque(part for chunk in self.others for part in _cut(chunk.first, chunk.files, _CAREFUL_CHUNK))

    def is_left(self) -> bool:
        return bool(self.others or self.aside)


def _cut(first: int, files: Sequence[ToRead], size: int) -> Iterator[Chunk]:
    for begin in range(0, len(files), size):
        yield Chunk(first + begin, files[begin : begin + size])


def _take_in(lane: Lane, queue: _Queue) -> Iterator[tuple[int, int, Part | WorkbookError]]:
    """Collect what a lane has finished; when its process died, see to what it had been given."""
    while lane.running and (lane.running[0][1].done() or lane.is_deserted):
        chunk, future = lane.running[0]
        try:
            if not future.done():
                raise BrokenProcessPool("its process died before it began")
            found = future.result()
        except (ProcessExpired, BrokenProcessPool, TimeoutError) as death:
            queue.others.extendleft(later for later, _ in reversed([*lane.running][1:]))
            lost = _see_to(chunk, death, lane, queue)
            lane.replace()
            if lost:
                yield chunk.first, 1, lost
        else:
            lane.running.popleft()
            lane.deaths = 0
            position = chunk.first
            for count, content in found:
                if isinstance(content, Aside):
                    begin = position - chunk.first
                    queue.aside.append(Chunk(position, chunk.files[begin : begin + 1], is_aside=True))
                else:
                    yield position, count, pickle.loads(content)  # noqa: S301 - from a process of our own
                position += count


def _see_to(chunk: Chunk, death: BaseException, lane: Lane, queue: _Queue) -> WorkbookError | None:
    """Part the file that was in hand from those beside it; returns why it is given up when it was read alone."""
    number = lane.file_in_hand()
    first, files, *_ = chunk
    if number is None:
        lane.deaths += 1
        if lane.deaths > _MOST_DEATHS:
            raise OSError(f"读表进程一再中断 · the processes that read keep dying: {death}") from death
        (queue.aside if chunk.is_aside else queue.others).appendleft(chunk)
        return None
    lane.deaths = 0
    if len(files) == 1:
        loss = lane.loss(death)
        if lane.was_fresh or loss.code != "file_broke_reader":  # what it needs does not hang on what was read before
            return loss
    queue.aside.append(Chunk(first + number, files[number : number + 1], is_aside=True, is_fresh=True))
    for begin, end in ((number + 1, len(files)), (0, number)):
        if begin < end:
            queue.others.appendleft(Chunk(first + begin, files[begin:end]))
    queue.be_careful()
    return None
