"""The last build, published or not, read under the names that a published version gives its tables.

On a night that published nothing, what the checks found stands only there.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.build import manifest_path
from warehouse.labels import load_labels, sql_name, sql_text, write_labels
from warehouse.snapshot import lock, published_tables
from warehouse.versions import SnapshotError


def connect_build(database: Path, *, memory_mib: int | None = None) -> duckdb.DuckDBPyConnection:
    """The build for reading: no query changes it, reads another file or writes one.

    Raises SnapshotError when there is none, when a night is at work on it and when it cannot be read.
    """
    if not database.is_file():
        raise SnapshotError("还没有构建过，请先运行 jiceng run · nothing has been built yet: jiceng run")
    manifest = manifest_path(database)
    reader = duckdb.connect(config={"autoinstall_known_extensions": "false", "temp_directory": ""})
    try:
        if memory_mib:
            reader.execute(f"set memory_limit = '{memory_mib}MiB'")
        reader.execute(f"attach {sql_text(str(database))} as {sql_name(database.stem)} (read_only)")
        for name, query in published_tables(reader, database.stem):
            reader.execute(f"create view {sql_name(name)} as {query}")
        _show_schemas(reader, database.stem)
        write_labels(reader, load_labels(manifest if manifest.is_file() else None))
        reader.execute("set enable_external_access = false")
        lock(reader)
    except duckdb.Error as error:
        reader.close()
        at_work = "lock" in str(error)
        raise SnapshotError(
            f"构建库正在使用中，请等这一晚结束 · a night is at work on the build, wait for its end: {database.name}"
            if at_work
            else f"构建库读不出来，下一晚会重建 · the build cannot be read, the next night makes it anew: {error}"
        ) from error
    except BaseException:
        reader.close()
        raise
    return reader


def _show_schemas(reader: duckdb.DuckDBPyConnection, build: str) -> None:
    """Everything of the build under its schema and name as well, such as staging.stg_lake__quarantine."""
    found = reader.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = $build"
        " union all select schema_name, view_name from duckdb_views() where database_name = $build and not internal",
        {"build": build},
    ).fetchall()
    for schema, table in found:
        name = f"{sql_name(schema)}.{sql_name(table)}"
        reader.execute(f"create schema if not exists {sql_name(schema)}")
        reader.execute(f"create or replace view {name} as select * from {sql_name(build)}.{name}")  # noqa: S608
