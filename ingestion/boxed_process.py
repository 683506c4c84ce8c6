"""What happens inside a process of the box: limits are set once, and a clock is wound up for every file."""

from __future__ import annotations

import faulthandler
import gc
import os
import pickle
import resource
import signal
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from struct import pack_into
from typing import Any, Protocol, TypeVar

from ingestion.forms import Forms
from ingestion.process_limits import end_with, limit_memory, limit_memory_for_good
from ingestion.reading import WorkbookReader, rejected
from ingestion.records import Reading, Source
from ingestion.unpacked import MOST_UNPACKED, is_locked, unpacked
from ingestion.workbook import WorkbookError
from ingestion.zip_directory import ZIP

OUT_OF_MEMORY = 77  # the exit code of a process that says so itself
_MANY_OBJECTS = 1_000_000  # made and not yet dropped, before the collector of cyclic garbage looks for any
KNOWS_ENOUGH = 30  # files that a process has read, by which it knows the headers and names, and what a file takes
_TIMES_A_FILE, _TIMES_A_BYTE = 10, 4  # what a file may take among others, by what one and what a byte took before it
_LEAST_SECONDS = 0.015
_LOADING = 0.1  # seconds: what opens old, protected or other files than xlsx is loaded with the first of them
_SHORTEST_CLOCK = 1.0  # seconds: a busy machine or a slow disk lets good files wait


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process of the box may take, beyond what it begins with, and a file in it.

    Seconds are of the processor: a machine that is busy with other things makes no file late. On the clock a file has
    `patience` times as many, which ends a process that waits for something that never comes.

    Among others a file has many times what it should need by those read before, and no more than these; it is only
    given up when it was read alone.
    """

    memory_mib: int = 768
    memory_among_others_mib: int = 16
    seconds_alone: float = 15.0
    seconds_among_others: float = 0.25
    patience: float = 5.0
    bytes_among_others: int = 512 << 10  # unpacked; what is larger is read alone from the beginning


class ToRead(Protocol):
    """A file, where its bytes lie and what it is called."""

    @property
    def path(self) -> Path: ...
    @property
    def source(self) -> Source: ...


class Aside:
    """Stands in the place of a file that is to be read alone, after the others."""


Part = TypeVar("Part")
Gather = Callable[[Forms, Iterable[tuple[Any, Reading]]], Part]
"""Makes something of files and their readings, which come one by one."""


def settle_in(limits: Limits, complaints: int, parent: int) -> None:
    """Set the limits of this process and of its children; `complaints` is the file it writes its last words to."""
    for number in (signal.SIGPROF, signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # whoever started it may have had handlers
    faulthandler.disable()  # it may write elsewhere
    os.dup2(complaints, 2)
    os.environ["RUST_BACKTRACE"] = "0"  # a trace takes longer than what it is of
    limit_memory_for_good(2 * limits.memory_mib)  # whatever earlier files have left behind
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    end_with(parent)
    gc.freeze()
    gc.set_threshold(_MANY_OBJECTS)  # it would walk the same plain values again and again
    gc.enable()


class BoxedReader:
    """Reads files one by one within the limits.

    `progress` says which file is in hand, counted from 1; `read_before` is how many it has read among others.
    """

    def __init__(self, reader: WorkbookReader, limits: Limits) -> None:
        self.limits = limits
        self.progress = mmap(-1, 4)
        self.read_before = 0
        self._reader = reader
        self._bytes, self._seconds = 0, 0.0  # of the files read before
        self._end, self._is_aside = 0, False

    def read(
        self, files: Sequence[ToRead], gather: Gather[Any], numbers: range, part: int, suspects: Collection[int]
    ) -> Iterator[tuple[int, bytes | Aside]]:
        """Read the files of these numbers; of every `part` of them what was gathered, pickled.

        Suspects, by their numbers, and files that are large are put aside.
        """
        begin, is_alone = numbers.start, len(files) == 1
        begun = time.process_time()
        try:
            limit_memory(self.limits.memory_mib if is_alone else self.limits.memory_among_others_mib)
            while begin < numbers.stop:
                own = range(begin, min(begin + part, numbers.stop))
                gathered = gather(self._reader.forms, self._readings(files, own, suspects))
                if self._end > begin:
                    yield self._end - begin, pickle.dumps(gathered, pickle.HIGHEST_PROTOCOL)
                begin = self._end
                if self._is_aside:
                    begin += 1
                    yield 1, Aside()
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        finally:
            _wind_up(0, 0)
            pack_into("<I", self.progress, 0, 0)
            if not is_alone:
                self._seconds += time.process_time() - begun

    def _readings(
        self, files: Sequence[ToRead], numbers: range, suspects: Collection[int]
    ) -> Iterator[tuple[ToRead, Reading]]:
        """Readings up to the first that is to be read alone."""
        limits, is_alone = self.limits, len(files) == 1
        self._end, self._is_aside = numbers.start, False
        for number in numbers:
            file = files[number]
            pack_into("<I", self.progress, 0, number + 1)
            self._is_aside = number in suspects
            if self._is_aside:
                return
            content = _content(file.path)
            size, is_repetitive = unpacked(content)
            if not is_alone:
                is_large = limits.bytes_among_others < size <= MOST_UNPACKED
                self._is_aside = is_large or is_repetitive or is_locked(content)
                if self._is_aside:
                    return
            seconds = limits.seconds_alone if is_alone else self._seconds_for(size, is_zip=content.startswith(ZIP))
            _wind_up(seconds, max(seconds * limits.patience, _SHORTEST_CLOCK))
            try:
                reading = self._reader.read(content, file.source)
            except MemoryError:
                raise
            except Exception as error:  # a fault of ours costs one file, not the night
                reading = rejected(WorkbookError("file_broke_reader", "读表程序出错", _fault(error)))
            self._end = number + 1
            self.read_before += not is_alone
            self._bytes += 0 if is_alone else size
            yield file, reading

    def _seconds_for(self, size: int, *, is_zip: bool) -> float:
        """What a file of so many bytes may take among others, by what those before it took."""
        most = self.limits.seconds_among_others
        if self.read_before < KNOWS_ENOUGH or not self._seconds:
            return most
        usual = self._seconds / self.read_before * _TIMES_A_FILE + self._seconds / self._bytes * size * _TIMES_A_BYTE
        return min(most, max(usual, _LEAST_SECONDS) + (0 if is_zip else _LOADING))


def _wind_up(processor_seconds: float, clock_seconds: float) -> None:
    """The kernel ends the process when either has run down, in whatever library it is."""
    signal.setitimer(signal.ITIMER_PROF, processor_seconds)
    signal.setitimer(signal.ITIMER_REAL, clock_seconds)


def _content(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


def _fault(error: Exception) -> str:
    """Kind and place of a fault, without the values that led to it: they may be personal."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
