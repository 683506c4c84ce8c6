"""The ledger: which files came, how far each has got, and how each night went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from itertools import count
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from ingestion.ledger_records import (
    FileStatus,
    Night,
    NightState,
    ReadOutcome,
    Receipts,
    ReceivedFile,
    ReceivedName,
)
from ingestion.ledger_tables import LedgerError, Row, night, open_engine, reading, received_file, received_name

__all__ = ["Ledger", "LedgerError"]

_AT_ONCE = 500  # values in one IN (…)
_FILE_COLUMNS = [column.name for column in received_file.c]


class Ledger:
    """Every method is one short transaction, so that processes can share the ledger and be killed at any instant."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Ledger:
        """Open the ledger at a SQLite or PostgreSQL address, making its tables when they are missing.

        Raises LedgerError when that cannot be done.
        """
        return cls(open_engine(url))

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # ---- files ----

    def files(self, sha256s: Iterable[str]) -> dict[str, ReceivedFile]:
        """The files that are known, of those with these bytes."""
        found = [file for part in _parts(sha256s) for file in self._files(received_file.c.sha256.in_(part))]
        return {file.sha256: file for file in found}

    def all_files(self) -> dict[str, ReceivedFile]:
        """Every file, by its hash."""
        return {file.sha256: file for file in self._files(sa.true())}

    def batch_files(self, batch: str) -> tuple[ReceivedFile, ...]:
        """The files of a batch, in the order they were received; none when a later night has taken them over."""
        return self._files(received_file.c.batch == batch)

    def pending_files(self) -> tuple[ReceivedFile, ...]:
        """Files received, this night or an earlier one, and not read yet."""
        return self._files(received_file.c.status == FileStatus.PENDING)

    def files_to_reread(self, forms_version: str, register_version: str) -> tuple[ReceivedFile, ...]:
        """Files whose reading would come out differently now.

        They were read with other form specs; or with another register, and the register left something open; or
        their bytes have since arrived under another name.
        """
        was_read = received_file.c.forms_version.is_not(None)
        other_forms = received_file.c.forms_version != forms_version
        other_register = received_file.c.open_register_findings & (received_file.c.register_version != register_version)
        not_refused = received_file.c.status != FileStatus.PENDING
        return self._files(was_read & not_refused & (other_forms | other_register | _has_unread_name()))

    def last_received_at(self) -> datetime | None:
        """When the latest file or further name came."""
        latest = sa.union_all(sa.select(received_file.c.received_at), sa.select(received_name.c.received_at)).subquery()
        with reading(self._engine) as connection:
            moment: datetime | None = connection.scalar(sa.select(sa.func.max(latest.c.received_at)))
        return moment

    def receive(
        self, files: Sequence[ReceivedFile], names: Sequence[ReceivedName], replaced: Sequence[ReceivedFile] = ()
    ) -> None:
        """Enter new files and further names of known ones; `replaced` are known files under a better name."""
        with self._engine.begin() as connection:
            if files:
                connection.execute(sa.insert(received_file), [_columns(file) for file in files])
            for file in replaced:
                statement = sa.update(received_file).where(received_file.c.sha256 == file.sha256)
                connection.execute(statement.values(_columns(file)))
            if names:
                connection.execute(sa.insert(received_name), [asdict(name) for name in names])

    def replace_files(
        self, files: Sequence[ReceivedFile], names: Sequence[ReceivedName], was_read: Sequence[ReceivedName]
    ) -> None:
        """Forget every file and name and enter these instead; `was_read` are names under which the bytes were read."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(received_name))
            connection.execute(sa.delete(received_file))
            if files:
                connection.execute(sa.insert(received_file), [_columns(file) for file in files])
            if names:
                rows = [{**asdict(name), "was_read": name in was_read} for name in names]
                connection.execute(sa.insert(received_name), rows)

    def names(self, sha256s: Iterable[str]) -> tuple[ReceivedName, ...]:
        """Every further arrival of these bytes, in order of arrival."""
        columns = [received_name.c[name] for name in ReceivedName.__dataclass_fields__]
        with reading(self._engine) as connection:
            rows = [
                row
                for part in _parts(sha256s)
                for row in connection.execute(sa.select(*columns).where(received_name.c.sha256.in_(part)))
            ]
        return tuple(sorted((ReceivedName(**row._mapping) for row in rows), key=lambda name: name.received_at))

    def received_in(self, run_id: str) -> Receipts:
        """What a night received."""
        refused = (received_file.c.status == FileStatus.REJECTED) & received_file.c.forms_version.is_(None)
        files = sa.select(sa.func.count(), sa.func.count(sa.case((refused, 1)))).select_from(received_file)
        names = sa.select(sa.func.count()).select_from(received_name)
        with reading(self._engine) as connection:
            number, of_them_refused = connection.execute(files.where(received_file.c.run_id == run_id)).one()
            further = connection.scalar(names.where(received_name.c.run_id == run_id)) or 0
        return Receipts(files=number - of_them_refused, refused=of_them_refused, names=further)

    def refused_in(self, run_id: str) -> tuple[ReceivedFile, ...]:
        """The files received in a night that are refused, for their kind or for what they hold, in order of arrival."""
        refused = (received_file.c.status == FileStatus.REJECTED) & (received_file.c.run_id == run_id)
        return self._files(refused)

    def file_counts(self) -> dict[FileStatus, int]:
        """How many files there are, by status."""
        statement = sa.select(received_file.c.status, sa.func.count()).group_by(received_file.c.status)
        with reading(self._engine) as connection:
            found = {row[0]: row[1] for row in connection.execute(statement)}
        return {status: found.get(status, 0) for status in FileStatus}

    # ---- batches ----

    def make_batches(self, run_id: str, again: Sequence[ReceivedFile] = (), *, batch_size: int) -> tuple[str, ...]:
        """Put pending files, and those to be read again, into batches in order of reception; returns the batch names.

        Repeating it in the same night gives the same names to the same files, as long as none has been read.
        """
        files = sorted((*self.pending_files(), *again), key=lambda file: (file.received_at, file.sha256))
        to_read = {file.sha256 for file in files}
        mine = sa.select(received_file.c.batch, received_file.c.sha256).where(
            received_file.c.batch.startswith(f"{run_id}-", autoescape=True)
        )
        with self._engine.begin() as connection:
            taken = {batch for batch, sha256 in connection.execute(mine) if sha256 not in to_read}
            free = (name for number in count(1) if (name := f"{run_id}-{number:03d}") not in taken)
            batches = []
            for first in range(0, len(files), batch_size):
                batch, shas = next(free), [file.sha256 for file in files[first : first + batch_size]]
                _set_batch(connection, batch, shas)
                batches.append(batch)
        return tuple(batches)

    def mark_landed(self, batch: str, outcomes: Sequence[ReadOutcome]) -> None:
        """Note what became of a batch's files, and with which specs and register they were read."""
        values = [
            {
                "key": outcome.sha256,
                "status": FileStatus.REJECTED if outcome.rejected_because else FileStatus.LANDED,
                "reason": outcome.rejected_because,
                "forms_version": outcome.forms_version,
                "register_version": outcome.register_version,
                "open_register_findings": outcome.open_register_findings,
            }
            for outcome in outcomes
        ]
        if not values:
            return
        key: sa.BindParameter[str] = sa.bindparam("key")
        columns: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(name) for name in values[0] if name != "key"}
        of_batch = (received_name.c.batch == batch) & (received_name.c.sha256 == key)
        with self._engine.begin() as connection:
            statement = sa.update(received_file).where(received_file.c.sha256 == key)
            connection.execute(statement.values(columns), values)
            read_names = sa.update(received_name).where(of_batch).values(was_read=True)
            connection.execute(read_names, [{"key": outcome.sha256} for outcome in outcomes])

    # ---- nights ----

    def begin_night(self, run_id: str, started_at: datetime, as_of: date | None = None) -> None:
        """Note that a night has begun; one that is begun again keeps its first beginning and its facts."""
        values: dict[str, Any] = {"state": NightState.RUNNING, "finished_at": None, "failed_task": None, "as_of": as_of}
        with self._engine.begin() as connection:
            changed = connection.execute(sa.update(night).where(night.c.run_id == run_id).values(values))
            if not changed.rowcount:
                connection.execute(sa.insert(night).values(run_id=run_id, started_at=started_at, facts={}, **values))

    def note_facts(self, run_id: str, facts: Mapping[str, Any]) -> None:
        """Add facts to a night's; steps that run side by side lose none."""
        which = night.c.run_id == run_id
        with self._engine.begin() as connection:
            known = connection.scalar(sa.select(night.c.facts).where(which).with_for_update())
            if known is None:
                raise LedgerError(f"台账中没有这一晚：{run_id} · the ledger knows no night {run_id}")
            connection.execute(sa.update(night).where(which).values(facts={**known, **facts}))

    def end_night(self, run_id: str, finished_at: datetime, state: NightState, failed_task: str | None = None) -> None:
        """Note how a night ended."""
        values = {"finished_at": finished_at, "state": state, "failed_task": failed_task}
        with self._engine.begin() as connection:
            connection.execute(sa.update(night).where(night.c.run_id == run_id).values(values))

    def night(self, run_id: str) -> Night | None:
        return next(iter(self._nights(sa.select(night).where(night.c.run_id == run_id))), None)

    def nights(self, limit: int | None = 14) -> tuple[Night, ...]:
        """The latest nights, the latest first; all there are when `limit` is None."""
        return self._nights(sa.select(night).order_by(night.c.started_at.desc(), night.c.run_id.desc()).limit(limit))

    # ---- how ----

    def _files(self, condition: sa.ColumnElement[bool]) -> tuple[ReceivedFile, ...]:
        statement = sa.select(received_file).where(condition)
        others = (
            sa.select(received_name.c.sha256, received_name.c.file_name)
            .join(received_file)
            .where(condition, received_name.c.file_name != received_file.c.file_name)
            .order_by(received_name.c.received_at)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement.order_by(received_file.c.received_at, received_file.c.sha256)).all()
            names: dict[str, dict[str, None]] = {}
            for other in connection.execute(others):
                names.setdefault(other.sha256, {})[other.file_name] = None
        return tuple(replace(_file(row), other_names=tuple(names.get(row.sha256, ()))) for row in rows)

    def _nights(self, statement: sa.Select[Any]) -> tuple[Night, ...]:
        with reading(self._engine) as connection:
            rows = connection.execute(statement).all()
        return tuple(Night(**{**row._mapping, "state": NightState(row.state)}) for row in rows)


def _file(row: Row) -> ReceivedFile:
    return ReceivedFile(**{**row._mapping, "status": FileStatus(row.status)})


def _columns(file: ReceivedFile) -> dict[str, Any]:
    return {name: getattr(file, name) for name in _FILE_COLUMNS}


def _has_unread_name() -> sa.ColumnElement[bool]:
    name = received_name.alias()
    of_file = (name.c.sha256 == received_file.c.sha256) & (name.c.file_name != received_file.c.file_name)
    return sa.exists().where(of_file, name.c.was_read.is_(False)).correlate(received_file)


def _set_batch(connection: sa.Connection, batch: str, sha256s: Sequence[str]) -> None:
    for table in (received_file, received_name):
        connection.execute(sa.update(table).where(table.c.sha256.in_(sha256s)).values(batch=batch))


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(values))
    for first in range(0, len(ordered), _AT_ONCE):
        yield ordered[first : first + _AT_ONCE]
