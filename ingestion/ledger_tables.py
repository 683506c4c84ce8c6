"""The ledger's tables, and how each database is opened: SQLite with a write-ahead log, or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateIndex, CreateTable

from ingestion.disk_trouble import remedy_in

BUSY_SECONDS = 60
_CREATING = 2014_0101  # the advisory lock that keeps two processes from creating the tables at once
_READING = "jiceng_reading"
_CANNOT_WRITE = ("database or disk is full", "disk I/O error", "readonly database")


class LedgerError(Exception):
    """The ledger cannot be opened or does not know what was asked for; the text is Chinese and English."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment, stored in UTC and returned with its time zone; SQLite would drop the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData()

received_file = sa.Table(
    "received_file",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("suffix", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("modified_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("batch", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("forms_version", sa.Text),
    sa.Column("register_version", sa.Text),
    sa.Column("open_register_findings", sa.Boolean, nullable=False, default=False),
    sa.CheckConstraint("status in ('pending', 'landed', 'rejected')", name="received_file_status"),
    sa.Index("received_file_batch", "batch"),
    sa.Index("received_file_status_received_at", "status", "received_at"),
)

received_name = sa.Table(
    "received_name",
    metadata,
    sa.Column("sha256", sa.ForeignKey(received_file.c.sha256), primary_key=True),
    sa.Column("file_name", sa.Text, primary_key=True),
    sa.Column("modified_at", UtcDateTime, primary_key=True),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("batch", sa.Text),
    sa.Column("was_read", sa.Boolean, nullable=False, default=False),
    sa.Index("received_name_was_read", "was_read"),
)

night = sa.Table(
    "night",
    metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("as_of", sa.Date),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("failed_task", sa.Text),
    sa.Column("facts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    sa.CheckConstraint("state in ('running', 'published', 'blocked', 'failed')", name="night_state"),
)

closing = sa.Table(
    "closing",
    metadata,
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("closed_at", UtcDateTime, primary_key=True),
    sa.Column("closed_by", sa.Text, nullable=False),
    sa.Column("covers", sa.Text, nullable=False),  # names of periods, separated by |
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("snapshot", sa.Text, nullable=False),
    sa.Column("known_until", UtcDateTime),
    sa.Column("reopened_at", UtcDateTime),
    sa.Column("reopened_by", sa.Text),
    sa.Column("reopened_because", sa.Text),
)


def open_engine(url: str) -> sa.Engine:
    """Connect and create the tables that are missing. Raises LedgerError, which never shows a password."""
    try:
        address = sa.make_url(url.replace("postgres://", "postgresql://", 1))
        if address.get_backend_name() == "sqlite":
            engine = _sqlite_engine(address)
        else:
            engine = sa.create_engine(address, pool_pre_ping=True)
        _create_tables(engine)
    except (sa.exc.SQLAlchemyError, OSError, ImportError) as error:
        shown = _without_password(url)
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        cure = ""
        if is_damage(reason):
            cure = "；请运行 jiceng rebuild · run jiceng rebuild"
        elif any(text in reason for text in (*_CANNOT_WRITE, "unable to open database file")):
            cure = "；请检查磁盘空间和写权限后重跑 · look at disk space and rights, then run again"
        elif remedy := remedy_in(reason):
            cure = f"；{remedy}"
        raise LedgerError(
            f"台账数据库打不开：{shown} · the ledger cannot be opened: {shown}: {reason}{cure}"
        ) from error
    return engine


def set_aside(url: str) -> Path | None:
    """Move a SQLite ledger that is damaged out of the way and return where to; None when it is whole.

    Raises LedgerError when it cannot be opened for another reason, and for any other database.
    """
    address = sa.make_url(url)
    try:
        engine = open_engine(url)
    except LedgerError as error:
        if not (address.get_backend_name() == "sqlite" and is_damage(str(error))):
            raise
    else:
        try:
            with reading(engine) as connection:
                if address.get_backend_name() != "sqlite":
                    return None
                if connection.execute(sa.text("pragma integrity_check")).scalar() == "ok":
                    return None
        except LedgerError as error:
            if not is_damage(str(error)):
                raise
        finally:
            engine.dispose()
    ledger = Path(str(address.database))
    aside = ledger.with_name(f"{ledger.name}.damaged")
    ledger.replace(aside)
    for part in ("-wal", "-shm"):
        ledger.with_name(ledger.name + part).unlink(missing_ok=True)
    return aside


def is_damage(message: str) -> bool:
    """Whether SQLite says of a ledger what only a new one cures."""
    return any(text in message for text in ("not a database", "malformed"))


def reading(engine: sa.Engine) -> sa.Connection:
    """A connection that only reads: it does not wait for whoever writes."""
    return engine.connect().execution_options(**{_READING: True})


def _sqlite_engine(address: sa.URL) -> sa.Engine:
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):  # whatever the umask; its log and shared memory take their rights from it
            os.close(os.open(address.database, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions begin where SQLAlchemy says so, see _on_begin
        connection.execute("pragma journal_mode = wal")
        # An inbox file is removed once its row is committed: the row has to survive a power cut.
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")

    @event.listens_for(engine, "handle_error")
    def _on_error(context: sa.ExceptionContext) -> None:
        reason = str(context.original_exception)
        if is_damage(reason):
            raise LedgerError(
                f"台账已损坏，请运行 jiceng rebuild · the ledger is damaged, run jiceng rebuild: {reason}"
            ) from context.original_exception
        if any(text in reason for text in _CANNOT_WRITE):
            raise LedgerError(
                f"台账写不进去，请检查磁盘空间和权限后重跑 · the ledger cannot be written: look at disk space and "
                f"rights, then run again: {reason}"
            ) from context.original_exception

    @event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        # A writer takes its lock at once: one that upgrades from reading fails instead of waiting.
        begin = "begin" if connection.get_execution_options().get(_READING) else "begin immediate"
        connection.exec_driver_sql(begin)

    return engine


def _create_tables(engine: sa.Engine) -> None:
    with reading(engine) as connection:
        existing = set(sa.inspect(connection).get_table_names())
    if set(metadata.tables) <= existing:
        return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATING)))
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index, if_not_exists=True))


def _without_password(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except (sa.exc.ArgumentError, ValueError):
        return "JICENG_LEDGER_URL"


Row = sa.Row[Any]
