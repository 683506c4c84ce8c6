"""The keeper of a lane: it has a child of its own read, and puts another in the place of one that dies.

A child that has read enough to know the headers and names of the night becomes a keeper itself, once another has died
before it: from then on a death costs a fork of a process that knows them, not learning them again.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import tempfile
from collections.abc import Collection, Iterator
from mmap import mmap
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from struct import pack_into, unpack_from
from typing import NamedTuple, NoReturn

from ingestion.boxed_process import (
    KNOWS_ENOUGH,
    OUT_OF_MEMORY,
    Aside,
    BoxedReader,
    Limits,
    end_with,
    limit_memory,
    settle_in,
)
from ingestion.reading import WorkbookReader

_PART, _CAREFUL_PART = 50, 10  # files whose results are handed over at once
_CAREFUL_FOR = 1000  # files after a death
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
    """Has files read by one child at a time; `above` leads to the keeper whose child it is itself."""

    def __init__(self, reader: BoxedReader, complaints: int, above: Connection | None = None) -> None:
        self._reader, self._complaints, self._above = reader, complaints, above
        reader.progress = mmap(-1, 4)  # another than what this process tells its own keeper
        self._child: tuple[int, Connection] | None = None
        self._is_fresh = True  # whether the child has read nothing yet
        self._careful_for = 0
        self._deaths = 0
        limit_memory(None)
        signal.signal(signal.SIGTERM, self._end)

    def read(
        self, chunk: bytes, count: int, begin: int = 0, part: int = _PART, suspects: Collection[int] = ()
    ) -> Iterator[Found]:
        """What comes of a chunk's files from one on; suspects, and who costs a child, are put aside or given up."""
        suspects = set(suspects)
        while begin < count:
            try:
                link = self._child[1] if self._child else self._begin()
                was_fresh, self._is_fresh = self._is_fresh, False
                link.send((chunk, count, begin, min(part, _CAREFUL_PART) if self._careful_for else part, suspects))
                while begin < count:
                    found = link.recv()
                    if isinstance(found, Exception):
                        raise found
                    begin += found[0]
                    self._careful_for = max(0, self._careful_for - found[0])
                    yield found
                self._deaths = 0
            except (EOFError, ConnectionError) as gone:
                (in_hand,) = unpack_from("<I", self._reader.progress)
                loss = self._loss(self._bury())
                if not in_hand:
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

    def _begin(self) -> Connection:
        """Another child."""
        gc.freeze()
        pack_into("<I", self._reader.progress, 0, 0)
        ours, theirs = Pipe()
        keeper = os.getpid()
        process = os.fork()
        if not process:
            try:
                ours.close()
                if self._above:
                    self._above.close()
                self._serve(theirs, keeper)
            finally:
                os._exit(1)
        theirs.close()
        self._child, self._is_fresh = (process, ours), True
        return ours

    def _serve(self, link: Connection, keeper: int) -> NoReturn:
        """The life of a child, which reads what it is given."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        end_with(keeper)
        own: Keeper | None = None
        is_heir = self._careful_for > 0 and not self._above
        while True:
            try:
                chunk, count, begin, part, suspects = link.recv()
                if own:
                    come = own.read(chunk, count, begin, part, suspects)
                else:
                    files, gather = pickle.loads(chunk)  # noqa: S301 - from a process of our own
                    come = self._reader.read(files, gather, range(begin, count), part, suspects)
                for found in _until_fault(come):
                    link.send(found)
            except (EOFError, ConnectionError):
                os._exit(0)  # the keeper has ended
            if is_heir and not own and self._reader.read_before >= KNOWS_ENOUGH:
                own = Keeper(self._reader, self._complaints, link)

    def _bury(self) -> int:
        """See the child end; what it ended with, as of a process."""
        assert self._child
        process, link = self._child
        self._child = None
        self._careful_for = _CAREFUL_FOR
        link.close()
        os.kill(process, signal.SIGKILL)  # it ends already, unless the link was lost otherwise
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status)

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
        """End the child, then this process."""
        if self._child:
            os.kill(self._child[0], signal.SIGTERM)
            os.waitpid(self._child[0], 0)
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
