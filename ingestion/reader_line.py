"""The readers of a keeper stand in line: each is forked from the one before it, and only the last reads.

Those before it have read too, and wait. Should the last one die, the one before it forks another, which knows the
headers and names of the night as far as it knows them itself.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from typing import Any, NamedTuple, NoReturn

from ingestion.process_limits import adopt_orphans, end_with

_WORTH_KEEPING = 100  # files: who has read so many knows most headers and names
_TIMES_AS_MANY = 4  # who has read so many times as many as the one before it knows more, should any die at all


class _Reader(NamedTuple):
    """`knew` is how many files the one that it was forked from had read, with those before it."""

    process: int
    link: Connection
    knew: int


class ReaderLine:
    """Processes that give answers to requests, as many as come of each.

    The process that has the line is to start no others: whatever is left of the line ends with it.
    """

    def __init__(self, answers: Callable[[Any], Iterable[Any]]) -> None:
        self._answers = answers
        self._line: list[_Reader] = []
        self._knows = 0  # how many files the last in line has read, with those before it
        self._deaths = 0
        self.asked = 0  # how many requests were made of the last in line
        adopt_orphans()

    def ask(self, request: Any) -> Connection:
        """Where the answers come, after so many of which nothing more comes; raises EOFError or ConnectionError."""
        if not self._line or self._is_worth_keeping():
            self._lengthen()
        link = self._line[-1].link
        self.asked += 1
        link.send(request)
        return link

    def has_read(self, files: int) -> None:
        """Say that the last in line has read so many more files."""
        self._knows += files

    def _is_worth_keeping(self) -> bool:
        """Whether the last in line is to read no more, lest what it knows die with it.

        Each that is kept costs the next some fiftieth of a second, for it gets copies of the memory that it writes to.
        """
        knew = self._line[-1].knew
        if not knew:
            return self._knows >= _WORTH_KEEPING
        return self._deaths > 0 and self._knows >= knew * _TIMES_AS_MANY

    def shorten(self) -> int:
        """See the last in line end, which has closed its link; what it ended with, as of a process."""
        self._deaths += 1
        while True:
            last = self._line.pop()
            last.link.close()
            self._knows = last.knew
            if not self._line:
                return _see_end(last.process)
            try:
                end: int = self._line[-1].link.recv()
                self._lengthen()
                return end
            except (EOFError, ConnectionError):
                continue  # the one before it has ended as well

    def end(self) -> None:
        """End the whole line."""
        if self._line:
            first = self._line[0]
            self._line.clear()
            _see_end(first.process)

    def _lengthen(self) -> None:
        """Have the last in line, or this process if there is none, fork another."""
        ours, theirs = Pipe()
        if self._line:
            link = self._line[-1].link
            link.send(None)
            send_handle(link, theirs.fileno(), self._line[-1].process)
            theirs.close()
            process = link.recv()
        else:
            process = self._fork(theirs, ours)
        self._line.append(_Reader(process, ours, self._knows))
        self.asked = 0

    def _fork(self, link: Connection, other: Connection) -> int:
        """A process that serves a link; the other is not its own."""
        gc.freeze()
        parent = os.getpid()
        process = os.fork()
        if process:
            link.close()
            return process
        try:
            other.close()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            end_with(parent)
            self._serve(link)
        finally:
            os._exit(1)

    def _serve(self, link: Connection) -> NoReturn:
        """The life of a reader."""
        try:
            while True:
                request = link.recv()
                if request is None:  # another is to read from now on, until it ends
                    process = self._fork(Connection(recv_handle(link)), link)
                    link.send(process)
                    link.send(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
                else:
                    for answer in self._answers(request):
                        link.send(answer)
        except (EOFError, ConnectionError):
            os._exit(0)  # who asks has ended


def _see_end(process: int) -> int:
    """Kill the first in line, with which all after it end; what it ended with, as of a process."""
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return os.waitstatus_to_exitcode(status)
