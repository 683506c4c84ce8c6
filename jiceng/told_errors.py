"""What an error says made fit to be told: ledger, alert, screen and Airflow's log all show the text that it carries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ingestion.disk_trouble import with_remedy
from ingestion.personal import shown_lines


def explain_error(error: BaseException) -> None:
    """Say, in place, what to do when it was the disk that failed: what the system says of it is English and bare."""
    if not isinstance(error, OSError):
        return
    if error.strerror is not None:
        error.strerror = with_remedy(str(error.strerror))
    else:
        error.args = tuple(with_remedy(part) if isinstance(part, str) else part for part in error.args)


def mask_error(error: BaseException) -> None:
    """Mask, in place, numbers and names of persons in an error, in its notes and in the errors that led to it.

    A step fails over a file with such a name, or over a value that a library repeats. In place, so that whoever prints
    the traceback, now or in another process, prints the masked text.
    """
    for each in _with_its_causes(error):
        with suppress(AttributeError, TypeError, ValueError):  # of a library that lets nobody change what it says
            each.args = tuple(shown_lines(part) if isinstance(part, str) else part for part in each.args)
        if isinstance(each, OSError):
            for name in ("strerror", "filename", "filename2"):
                text = getattr(each, name)
                if text is not None:
                    setattr(each, name, shown_lines(str(text)))
        notes = getattr(each, "__notes__", None)
        if notes:
            each.__notes__ = [shown_lines(str(note)) for note in notes]


def _with_its_causes(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [led for led in (each.__cause__, each.__context__) if led is not None]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
