"""The keeper of a lane: it reads nothing itself, and has another read on where a reader dies."""

from __future__ import annotations

import os
import pickle
import signal
import tempfile
from collections.abc import Iterator
from multiprocessing.util import Finalize
from struct import pack_into, unpack_from
from typing import NamedTuple, NoReturn

from ingestion.boxed_process import (
    OUT_OF_MEMORY,
    Aside,
    BoxedReader,
    Limits,
    settle_in,
)
from ingestion.process_limits import limit_memory
from ingestion.reader_line import ReaderLine
from ingestion.reading import WorkbookReader

_PART = 10  # files whose results are handed over at once: what a death loses, at most
_MOST_DEATHS = 5  # one after the other, that no file accounts for
_OUT_OF_TIME = (-signal.SIGPROF, -signal.SIGALRM)
_OUT_OF_MEMORY = (OUT_OF_MEMORY, -signal.SIGKILL)  # the kernel kills who takes the last of the machine's memory
_NO_MEMORY_LEFT = b"memory allocation of"  # what Rust says before it aborts
_LAST_WORDS = 1 << 16  # a trace may follow


class Loss(NamedTuple):
    """Why a file is given up: a finding code, and the reason in Chinese and English."""

    code: str
    reason_zh: str
    reason_en: str


Found = tuple[int, bytes | Aside | Loss]
"""Of how many files, and what was gathered from their readings, pickled."""

_keepers: list[Keeper] = []


def begin_keeping(reader: WorkbookReader, limits: Limits, parent: int) -> None:
    """Make this process a keeper, before it is given its first chunk."""
    with tempfile.TemporaryFile() as file:
        complaints = os.dup(file.fileno())
    settle_in(limits, complaints, parent)
    _keepers[:] = [Keeper(BoxedReader(reader, limits), complaints)]


def read_chunk(chunk: bytes, count: int) -> list[Found]:
    """What comes of so many files, in their order; `chunk` is a sequence of them and their `Gather`, pickled."""
    return list(_keepers[0].read(chunk, count))


class Keeper:
    """Has files read by one process at a time."""

    def __init__(self, reader: BoxedReader, complaints: int) -> None:
        self._reader, self._complaints = reader, complaints
        self._line = ReaderLine(self._found)
        self._deaths = 0
        limit_memory(None)
        signal.signal(signal.SIGTERM, self._end)
        Finalize(None, self._line.end, exitpriority=0)  # should it find its pool gone before it is told to end

    def read(self, chunk: bytes, count: int) -> Iterator[Found]:
        """What comes of a chunk's files; who costs a reader is put aside or, where it was read alone, given up."""
        begin = 0
        suspects: set[int] = set()
        while begin < count:
            try:
                link = self._line.ask((chunk, range(begin, count), suspects))
                while begin < count:
                    found = link.recv()
                    if isinstance(found, Exception):
                        raise found
                    begin += found[0]
                    self._line.has_read(found[0])
                    yield found
                self._deaths = 0
            except (EOFError, ConnectionError) as gone:
                (in_hand,) = unpack_from("<I", self._reader.progress)
                pack_into("<I", self._reader.progress, 0, 0)
                was_fresh = self._line.asked == 1
                loss = self._loss(self._line.shorten())
                if not in_hand:
                    self._line.end()  # it may be for those that the last was forked from
                    self._deaths += 1
                    if self._deaths > _MOST_DEATHS:
                        raise OSError(
                            f"读表进程一再中断 · the processes that read keep dying: {loss.reason_en}"
                        ) from gone
                elif count > 1:
                    suspects.add(in_hand - 1)
                elif (
                    was_fresh or loss.code != "file_broke_reader"
                ):  # what it needs does not hang on what was read before
                    begin += 1
                    yield 1, loss

    def _found(self, request: tuple[bytes, range, set[int]]) -> Iterator[Found | Exception]:
        """What a reader finds in those files of a chunk."""
        chunk, numbers, suspects = request
        files, gather = pickle.loads(chunk)  # noqa: S301 - from a process of our own
        return _until_fault(self._reader.read(files, gather, numbers, _PART, suspects))

    def _loss(self, code: int) -> Loss:
        """Why a file is given up that was read alone, by what its process ended with and its last words."""
        end = os.lseek(self._complaints, 0, os.SEEK_END)
        said = os.pread(self._complaints, _LAST_WORDS, max(0, end - _LAST_WORDS))
        os.ftruncate(self._complaints, 0)
        os.lseek(self._complaints, 0, os.SEEK_SET)
        if code in _OUT_OF_TIME:
            return too_slow(self._reader.limits)
        if code in _OUT_OF_MEMORY or _NO_MEMORY_LEFT in said:
            size = self._reader.limits.memory_mib
            return Loss("file_too_large", f"读取需要的内存超过 {size} MB", f"reading takes more than {size} MB")
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return Loss("file_broke_reader", f"读取时程序中断（{name}）", f"the reading process ended with {name}")

    def _end(self, *_: object) -> NoReturn:
        """End those who read, then this process."""
        self._line.end()
        os._exit(0)


def too_slow(limits: Limits) -> Loss:
    seconds = f"{limits.seconds_alone:g}"
    return Loss("file_too_slow", f"读了 {seconds} 秒仍未读完", f"not read within {seconds} seconds")


def _until_fault(come: Iterator[Found]) -> Iterator[Found | Exception]:
    """What comes, and last the exception that ended it, if any."""
    try:
        yield from come
    except Exception as error:  # it is the caller's
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301
        except Exception:  # exceptions with arguments of their own are many
            error = RuntimeError(type(error).__name__)
        yield error
