"""Intake: from the inbox into the archive and the ledger, each file once for its bytes, nothing lost on the way.

For every file: its bytes into the archive, then its row into the ledger, then out of the inbox. Whoever is killed in
between leaves a state that the next intake completes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingestion import archive as archives
from ingestion.inbox import Arrival, Left, LeftBecause, is_unchanged, look_through, open_arrival, remove
from ingestion.ledger import Ledger
from ingestion.ledger_records import FileStatus, ReceivedFile, ReceivedName
from ingestion.receipts import write_receipts

__all__ = ["Intake", "Left", "LeftBecause", "take_in"]

ACCEPTED = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv")
_PACKED = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")
_AT_ONCE = 100  # files in one transaction of the ledger
_COPIES_AT_ONCE = 4
_MICROSECOND = timedelta(microseconds=1)
_FIRST, _LAST = datetime(1980, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Intake:
    """What a night took in, counted over all its tries; `left` is what stays in the inbox now, and why.

    `received` are new files that will be read, `rejected` new ones of an unknown kind, `duplicates` further arrivals of
    known bytes, `again` known files that will be read once more. `batches` hold all that is to be read.
    """

    received: int
    duplicates: int
    waiting: int
    rejected: int
    ignored: int
    again: int
    batches: tuple[str, ...]
    left: tuple[Left, ...]


def take_in(
    inbox: Path,
    archive: Path,
    ledger: Ledger,
    *,
    run_id: str,
    now: datetime,
    quiet_seconds: float = 5,
    batch_size: int = 200,
    forms_version: str | None = None,
    register_version: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Intake:
    """Take in everything that lies ready in the inbox and make the night's batches.

    With `forms_version` and `register_version` given, files that were read with others come into the batches too.
    Files are received in order of modification and name, a microsecond apart from `now` on and always after what came
    before. `progress` is told how many files of how many are done. Raises OSError when inbox, archive or disk fail.
    """
    inbox.mkdir(parents=True, exist_ok=True)
    with archives.only_intake(archive):
        arrivals, left = look_through(inbox, quiet_seconds)
        clock = _Clock(now, ledger.last_received_at())
        for first in range(0, len(arrivals), _AT_ONCE):
            left += _take_in_some(arrivals[first : first + _AT_ONCE], inbox, archive, ledger, run_id, clock)
            if progress:
                progress(min(first + _AT_ONCE, len(arrivals)), len(arrivals))
        again: tuple[ReceivedFile, ...] = ()
        if forms_version is not None and register_version is not None:
            again = ledger.files_to_reread(forms_version, register_version)
        batches = ledger.make_batches(run_id, again, batch_size=batch_size)
    receipts = ledger.received_in(run_id)
    waiting = sum(file.reason.waits for file in left)
    taken = sum(file.reason is LeftBecause.CANNOT_REMOVE for file in left)
    return Intake(
        received=receipts.files,
        duplicates=receipts.names,
        waiting=waiting,
        rejected=receipts.refused,
        ignored=len(left) - waiting - taken,
        again=len(again),
        batches=batches,
        left=tuple(left),
    )


class _Clock:
    """Moments of arrival: one microsecond after another, never before what the ledger already holds."""

    def __init__(self, now: datetime, last: datetime | None) -> None:
        self._next = max(now, last + _MICROSECOND) if last else now

    def tick(self) -> datetime:
        moment = self._next
        self._next += _MICROSECOND
        return moment


def _take_in_some(
    arrivals: list[Arrival], inbox: Path, archive: Path, ledger: Ledger, run_id: str, clock: _Clock
) -> list[Left]:
    def copied(numbered: tuple[int, Arrival]) -> str | LeftBecause | None:
        return _copy(numbered[1], inbox, archive, name=str(numbered[0]))

    with ThreadPoolExecutor(_COPIES_AT_ONCE) as copying:  # what takes time is the disk confirming each file
        results = list(copying.map(copied, enumerate(arrivals)))
    stored = [(arrival, result) for arrival, result in zip(arrivals, results, strict=True) if isinstance(result, str)]
    archives.flush_directories(archives.archived_path(archive, sha256).parent for _, sha256 in stored)
    _enter(stored, archive, ledger, run_id, clock)
    stay = [(arrival, remove(inbox, arrival)) for arrival, _ in stored]
    stay += [
        (arrival, result) for arrival, result in zip(arrivals, results, strict=True) if not isinstance(result, str)
    ]
    return [Left(arrival.file_name, reason) for arrival, reason in stay if reason]


def _copy(arrival: Arrival, inbox: Path, archive: Path, name: str) -> str | LeftBecause | None:
    """The file's SHA-256 once it is archived, or why it stays; None when it is gone."""
    source = open_arrival(inbox, arrival)
    if not isinstance(source, int):
        return source
    try:
        if not is_unchanged(source, arrival):
            return LeftBecause.STILL_WRITING
        sha256 = archives.store(archive, source, name)
        return sha256 if is_unchanged(source, arrival) else LeftBecause.STILL_WRITING
    except archives.SourceError:
        return LeftBecause.UNREADABLE
    finally:
        os.close(source)


def _enter(stored: Iterable[tuple[Arrival, str]], archive: Path, ledger: Ledger, run_id: str, clock: _Clock) -> None:
    """One transaction of the ledger for some files that are archived, after their receipts."""
    stored = list(stored)
    known = ledger.files(sha256 for _, sha256 in stored)
    arrived = {(name.sha256, name.file_name, name.modified_at) for name in ledger.names(known)}
    arrived |= {(file.sha256, file.file_name, file.modified_at) for file in known.values()}
    new: dict[str, ReceivedFile] = {}
    better: dict[str, ReceivedFile] = {}
    names: list[ReceivedName] = []
    for arrival, sha256 in stored:
        key = (sha256, arrival.file_name, _moment(arrival.modified_ns))
        if key in arrived:
            continue  # entered by an intake that was killed before it could remove the file
        arrived.add(key)
        file = _received(arrival, sha256, run_id, clock.tick())
        first = new.get(sha256) or better.get(sha256) or known.get(sha256)
        if first is None:
            new[sha256] = file
        elif _is_nameless(first):
            better[sha256] = file
        elif _was_refused_for_its_name(first) and file.status is FileStatus.PENDING:
            (new if sha256 in new else better)[sha256] = file
            names.append(_name(first))
        else:
            names.append(_name(file))
    write_receipts(archive, (*new.values(), *better.values()), names)
    ledger.receive(list(new.values()), names, list(better.values()))


def _received(arrival: Arrival, sha256: str, run_id: str, moment: datetime) -> ReceivedFile:
    reason = None if arrival.suffix in ACCEPTED else _refusal(arrival.suffix)
    return ReceivedFile(
        sha256=sha256,
        file_name=arrival.file_name,
        suffix=arrival.suffix,
        size_bytes=arrival.size_bytes,
        modified_at=_moment(arrival.modified_ns),
        received_at=moment,
        run_id=run_id,
        status=FileStatus.REJECTED if reason else FileStatus.PENDING,
        reason=reason,
    )


def _name(file: ReceivedFile) -> ReceivedName:
    return ReceivedName(file.sha256, file.file_name, file.modified_at, file.received_at, file.run_id)


def _is_nameless(file: ReceivedFile) -> bool:
    """Made anew from the archive alone: nobody ever knew under which name it came, as its intake was interrupted."""
    return file.file_name == file.sha256


def _was_refused_for_its_name(file: ReceivedFile) -> bool:
    return file.status is FileStatus.REJECTED and file.forms_version is None  # never read


def _refusal(suffix: str) -> str:
    if suffix in _PACKED:
        return f"压缩包（{suffix}），请解压后放入 · a packed file ({suffix}): unpack it first"
    kinds = " ".join(kind.removeprefix(".") for kind in ACCEPTED)
    zh = f"不收“{suffix}”文件" if suffix else "文件名没有后缀，看不出类型"
    en = f"“{suffix}” is not a kind that is read" if suffix else "the name has no suffix to tell its kind"
    return f"{zh}，请另存为 {kinds} 之一 · {en}: save it as one of {kinds}"


def _moment(nanoseconds: int) -> datetime:
    """To the microsecond; a file system may hold years that no calendar does."""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return _LAST if nanoseconds > 0 else _FIRST
    return min(max(moment, _FIRST), _LAST)
