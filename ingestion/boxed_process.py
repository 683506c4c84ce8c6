"""What happens inside a process of the box: limits are set once, and a clock is wound up for every file."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import pickle
import resource
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from struct import pack_into, unpack_from
from typing import Any, Protocol, TypeVar

from ingestion.forms import Forms
from ingestion.reading import WorkbookReader, rejected
from ingestion.records import Reading, Source
from ingestion.unpacked import MOST_UNPACKED, unpacked_bytes
from ingestion.workbook import WorkbookError

OUT_OF_MEMORY = 77  # the exit code of a process that says so itself
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_MANY_OBJECTS = 1_000_000  # made and not yet dropped, before the collector of cyclic garbage looks for any
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process of the box may take, beyond what it begins with, and a file in it.

    Seconds are of the processor: a machine that is busy with other things makes no file late. On the clock a file has
    `patience` times as many, which ends a process that waits for something that never comes. Among others a file has
    as much as an ordinary one never needs; it is only given up when it was read alone.
    """

    memory_mib: int = 768
    memory_among_others_mib: int = 256
    seconds_alone: float = 15.0
    seconds_among_others: float = 0.5
    patience: float = 5.0
    bytes_among_others: int = 4 << 20  # unpacked; what is larger is read alone from the beginning


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


@dataclass(frozen=True, slots=True)
class Place:
    """What a process of the box shares with who started it: how far it is, and what it complains of.

    `progress` holds two numbers: the file in hand, counted from 1, and whether the place is taken.
    """

    progress: mmap
    complaints: int  # a file descriptor


_settled: list[tuple[WorkbookReader, Place, Limits]] = []


def settle_in(reader: WorkbookReader, place: Place, limits: Limits, parent: int) -> None:
    """Set the limits of this process, before it opens its first file."""
    for number in (signal.SIGPROF, signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # whoever started it may have had handlers
    faulthandler.disable()  # it may write elsewhere
    os.dup2(place.complaints, 2)
    most = _data_bytes() + 2 * limits.memory_mib * _MIB  # whatever earlier files have left behind
    resource.setrlimit(_memory_limit(), (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):
        library.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
    if unpack_from("<I", place.progress, 4)[0]:
        signal.pause()  # in the place of one that died; what that had in hand is still to be seen, and it ends with it
    pack_into("<I", place.progress, 4, 1)
    gc.freeze()
    gc.set_threshold(_MANY_OBJECTS)  # it would walk the same plain values again and again
    gc.enable()
    _settled[:] = [(reader, place, limits)]


def read_chunk(files: Sequence[ToRead], gather: Gather[Any]) -> list[tuple[int, bytes | Aside]]:
    """Read files one by one, those aside that are large; returns what was gathered from how many, pickled."""
    reader, place, limits = _settled[0]
    found: list[tuple[int, bytes | Aside]] = []
    try:
        _limit_memory(limits.memory_mib if len(files) == 1 else limits.memory_among_others_mib)
        while (begin := sum(count for count, _ in found)) < len(files):
            readings = _Readings(files, begin)
            part = gather(reader.forms, readings)
            if readings.end > begin:
                found.append((readings.end - begin, pickle.dumps(part, pickle.HIGHEST_PROTOCOL)))
            if readings.end < len(files):
                found.append((1, Aside()))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    finally:
        _wind_up(0, 0)
        pack_into("<I", place.progress, 0, 0)
    return found


def file_in_hand(place: Place) -> int | None:
    """Which file of its chunk a process is reading, counted from 0."""
    (number,) = unpack_from("<I", place.progress)
    return number - 1 if number else None


class _Readings:
    """Readings of files from one on, up to the first that is to be read alone; `end` is how far they have come."""

    def __init__(self, files: Sequence[ToRead], begin: int) -> None:
        self._files = files
        self.end = begin

    def __iter__(self) -> Iterator[tuple[ToRead, Reading]]:
        reader, place, limits = _settled[0]
        is_alone = len(self._files) == 1
        seconds = limits.seconds_alone if is_alone else limits.seconds_among_others
        for file in self._files[self.end :]:
            pack_into("<I", place.progress, 0, self.end + 1)
            _wind_up(seconds, seconds * limits.patience)
            content = _content(file.path)
            if not is_alone and limits.bytes_among_others < unpacked_bytes(content) <= MOST_UNPACKED:
                return
            try:
                reading = reader.read(content, file.source)
            except MemoryError:
                raise
            except Exception as error:  # a fault of ours costs one file, not the night
                reading = rejected(WorkbookError("file_broke_reader", "读表程序出错", _fault(error)))
            self.end += 1
            yield file, reading


def _limit_memory(mebibytes: int) -> None:
    """Let this process grow by so much from now on."""
    kind = _memory_limit()
    _, most = resource.getrlimit(kind)
    resource.setrlimit(kind, (min(most, _data_bytes() + mebibytes * _MIB), most))


def _memory_limit() -> int:
    """Which limit holds: on what a process writes to, or on all it maps where the former cannot be told."""
    return resource.RLIMIT_DATA if _data_bytes() else resource.RLIMIT_AS


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


def _data_bytes() -> int:
    """What this process holds now as the limit on data counts it; 0 where that cannot be told."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith("VmData")).split()[1]) * 1024
    except (OSError, StopIteration):
        return 0
