"""Publishing: a build that passed its checks becomes a file that never changes, and the link moves to it.

The file is written aside, synced and only then given its name, so that a publish killed at any instant leaves the
version before it serving. Readers keep what they have open; who opens the link anew finds the new version.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from ingestion.disk_trouble import with_remedy
from ingestion.moments import CHINA
from warehouse.labels import CHINESE, TableLabels, load_labels, sql_name, sql_text, write_labels
from warehouse.versions import (
    LINK,
    Origin,
    SnapshotError,
    current,
    delete_old,
    history,
    move_link,
    one_at_a_time,
    place_of,
    prune,
    rollback,
    sync,
)

__all__ = ["CHINESE", "LINK", "SnapshotError", "connect", "current", "place_of", "prune", "publish", "rollback"]

# Schemas published whole, and single tables with the name they are given.
_SCHEMAS = ("marts", "reference")
_TABLES = {
    ("staging", "stg_register__areas"): "area",
    ("staging", "stg_register__branches"): "branch",
    ("quality", "check_result"): "check_result",
    ("quality", "check_failure"): "check_failure",
    ("staging", "stg_lake__files"): "return_file",
    ("staging", "stg_lake__sheets"): "return_column",
    ("staging", "stg_lake__closed_periods"): "closed_period",
}
# Of these only what leads from a number to its cell, not which batch read it and with which forms.
_COLUMNS = {
    "return_file": "file_sha256, file_name, outcome, reason, received_at, landed_rows, quarantined_rows, findings",
    "return_column": "file_sha256, sheet_name, table_number, form, field, column_letter, header_text, unit",
}
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class _Info:
    """The one row of `snapshot_info`."""

    run_id: str
    published_at: datetime
    as_of: date | None
    previous: str | None


def publish(
    database: Path,
    published: Path,
    *,
    run_id: str,
    keep: int = 14,
    manifest: Path | None = None,
    as_of: date | None = None,
    published_at: datetime | None = None,
) -> Path:
    """Publish the build in `database` as a version of its own and let it serve; returns the version's file.

    `manifest` is dbt's manifest.json, which holds labels and units. The `keep` versions that served last stay, at
    least two. Publishing a night again takes its place: a rollback still goes to the night before. Raises
    SnapshotError, also rather than replace marts that hold returns by marts that hold none; what served before then
    goes on serving.
    """
    if not _RUN_ID.fullmatch(run_id):
        raise SnapshotError(f"运行编号不能用作文件名 · this run id cannot name a file: {run_id!r}")
    if not database.is_file():
        raise SnapshotError(f"没有可发布的构建，请先构建 · there is nothing to publish, build first: {database.name}")
    labels = load_labels(manifest)
    with one_at_a_time(published):
        _clear_left_behind(published)
        known = history(published)
        serving = current(published) or next(reversed(known), None)  # if the link was lost
        _refuse_what_another_night_built(database, run_id)
        _refuse_to_empty(serving, database)
        info = _Info(run_id, published_at or datetime.now(UTC), as_of, _served_before(serving, run_id, known))
        version = _free_name(published, run_id)
        _write(database, version, labels, info)
        move_link(published, version)

        # Earlier tries of this night in the same place of the line, also one killed before the link moved to it.
        here = Origin(run_id, info.previous)
        for earlier in [path for path, origin in known.items() if origin == here and path != serving]:
            earlier.unlink()
            del known[earlier]
        delete_old(version, keep, {**known, version: here})
    return version


def connect(published: Path, *, memory_mib: int | None = None) -> duckdb.DuckDBPyConnection:
    """The version that serves now, for reading: no query changes it, reads another file or writes one.

    The database may hold `memory_mib`, else most of the machine's memory; texts in a query are not counted. Raises
    SnapshotError before the first publish.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "temp_directory": "",  # not even what does not fit in memory
    }
    if memory_mib:
        settings["memory_limit"] = f"{memory_mib}MiB"
    while version := current(published):
        try:
            reader = duckdb.connect(version, read_only=True, config=settings)
        except duckdb.IOException:
            if version.exists():  # otherwise it was cleared away since the link was read
                raise
        else:
            lock(reader)
            return reader
    raise SnapshotError("还没有发布过数据，请先运行 make run · nothing has been published yet: make run")


def lock(reader: duckdb.DuckDBPyConnection) -> None:
    """Let nobody change what a reader may do, and read moments as clocks in China show them, zone and day."""
    if reader.execute("select not current_setting('lock_configuration')::bool").fetchall() == [(True,)]:
        reader.execute(f"set global TimeZone = {sql_text(CHINA.key)}")
        reader.execute("set lock_configuration = true")


def _served_before(serving: Path | None, run_id: str, known: Mapping[Path, Origin]) -> str | None:
    """What a rollback from the new version goes to: what serves, unless that is an earlier try of the same night."""
    if serving is None:
        return None
    served = known.get(serving)
    return served.previous if served and served.run_id == run_id else serving.name


def _refuse_what_another_night_built(database: Path, run_id: str) -> None:
    """A night published again after another one built, as known on some day perhaps, would publish that one's marts."""
    with duckdb.connect() as reader:
        try:
            reader.execute(f"attach {sql_text(str(database))} as looked_at (read_only)")
            checked = reader.execute("select distinct run_id from looked_at.quality.check_result").fetchall()
        except duckdb.Error:  # not checked, or cannot be read, which is told elsewhere
            return
    if checked and (run_id,) not in checked:
        raise SnapshotError(
            f"构建库现在属于另一晚（{checked[0][0]}），请从 build 起重跑 {run_id} · the build is of another night now "
            f"({checked[0][0]}): run {run_id} again from its build"
        )


def _refuse_to_empty(serving: Path | None, database: Path) -> None:
    """Marts without a single return are a lost lake or a wrong folder, not what people sent."""
    if serving and _returns_in(serving, "main") and _returns_in(database, "marts") == 0:
        raise SnapshotError(
            f"新构建的集市没有任何报表数据，不能替换有数据的 {serving.name}：请检查数据湖和 JICENG_DATA_DIR；"
            "确需从头开始，请先移走发布文件夹 · the new marts hold no return at all and do not replace "
            f"{serving.name}, which does: look at the lake and at JICENG_DATA_DIR; to start anew, move the published "
            "folder away first"
        )


def _returns_in(database: Path, schema: str) -> int | None:
    """Rows of marts that a return was found for; None when the file cannot be read, which is told elsewhere."""
    with duckdb.connect() as reader:
        try:  # attached, not opened: this process may have it open in its own way
            reader.execute(f"attach {sql_text(str(database))} as looked_at (read_only)")
            tables = reader.execute(
                "select table_name from duckdb_columns() where database_name = 'looked_at'"  # noqa: S608
                f" and schema_name = {sql_text(schema)} and column_name = 'has_return'"
            ).fetchall()
            counted = [
                reader.execute(
                    f"select count(*) from looked_at.{sql_name(schema)}.{sql_name(table)} where has_return"  # noqa: S608
                ).fetchall()[0][0]
                for (table,) in tables
            ]
        except duckdb.Error:
            return None
    return sum(map(int, counted))


def _free_name(published: Path, run_id: str) -> Path:
    """A name that no version has: who has a file open and opens another of its name may be given the old one again."""
    number, version = 1, published.resolve() / f"marts_{run_id}.duckdb"
    while version.exists():
        number += 1
        version = version.with_name(f"marts_{run_id}.{number}.duckdb")
    return version


def _write(database: Path, version: Path, labels: Mapping[str, TableLabels], info: _Info) -> None:
    aside = version.with_name(f".{version.name}.part")
    try:
        with duckdb.connect(aside) as snapshot:
            # Under the name it was built by, which its views say.
            snapshot.execute(f"attach {sql_text(str(database))} as {sql_name(database.stem)} (read_only)")
            _copy(snapshot, database.stem)
            snapshot.execute(
                "create table snapshot_info (run_id varchar, published_at timestamptz, as_of date, previous varchar)"
            )
            as_of = info.as_of.isoformat() if info.as_of else None
            row = (sql_text(value) for value in (info.run_id, info.published_at.isoformat(), as_of, info.previous))
            snapshot.execute(f"insert into snapshot_info values ({', '.join(row)})")  # noqa: S608
            snapshot.execute("begin")  # hundreds of statements, synced to disk once
            write_labels(snapshot, labels)
            snapshot.execute("commit")
            snapshot.execute("checkpoint")
        aside.chmod(0o440)  # BI tools read it through their group
        sync(aside)
        aside.rename(version)
        sync(version.parent)
    except (duckdb.Error, OSError) as error:
        raise SnapshotError(
            f"发布 {version.name} 未成功，仍由原版本提供查询 · not published, what served goes on serving: "
            f"{with_remedy(str(error))}"
        ) from error
    finally:
        _clear_left_behind(version.parent)


def published_tables(connection: duckdb.DuckDBPyConnection, build: str) -> list[tuple[str, str]]:
    """Every table that is published of the database attached as `build`: its name there, and the query that gives it.

    A view becomes a table of what it shows now. Attach the database under the name of its file, which views say.
    Raises SnapshotError when the build holds no marts.
    """
    names = "select schema_name, {kind}_name from duckdb_{kind}s() where not internal and database_name = {build}"
    built = connection.execute(
        " union all ".join(names.format(kind=kind, build=sql_text(build)) for kind in ("table", "view"))
        + " order by all"
    ).fetchall()
    if not any(schema == "marts" for schema, _ in built):
        raise SnapshotError("构建库里没有集市，请先构建 · the build holds no marts, build first")
    found = []
    for schema, table in built:
        if schema in _SCHEMAS or (schema, table) in _TABLES:
            name = _TABLES.get((schema, table), table)
            source = f"{sql_name(build)}.{sql_name(schema)}.{sql_name(table)}"
            found.append((name, f"select {_COLUMNS.get(name, '*')} from {source}"))  # noqa: S608
    return found


def _copy(snapshot: duckdb.DuckDBPyConnection, build: str) -> None:
    for name, query in published_tables(snapshot, build):
        # Sorted, so that the same build gives the same rows in the same order.
        snapshot.execute(f"create table {sql_name(name)} as {query} order by all")


def _clear_left_behind(published: Path) -> None:
    """What a killed publish wrote aside: who is alone here knows that nobody is still writing it."""
    for left in published.glob(".marts_*.part*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
