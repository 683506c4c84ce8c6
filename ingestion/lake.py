"""The lake's files: how they are written so that a kill leaves no half."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.forms import Forms
from ingestion.lake_schemas import SCHEMA_FILE, lake_schemas

_checked: set[tuple[Path, str]] = set()  # lakes whose schema files this process has seen to be right, by specs


def write_schema_files(lake: Path, forms: Forms) -> None:
    """Put an empty `_schema.parquet` into every folder, so that queries work before the first return."""
    asides: list[tuple[Path, Path]] = []
    is_checked = (lake, forms.version) in _checked
    for folder, schema in lake_schemas(forms).items():
        path = lake / folder / SCHEMA_FILE
        if not path.exists() or (not is_checked and pq.read_schema(path) != schema):
            asides.append((_write_aside(path, schema.empty_table()), path))
    if asides:
        _flush_all(lake)
    for aside, path in asides:
        aside.replace(path)
    _checked.add((lake, forms.version))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file aside, flush it to disk and rename it into place."""
    aside = _write_aside(path, table)
    _flush(aside)
    aside.replace(path)
    _flush(path.parent)


def clear_leftovers(lake: Path, before: datetime) -> int:
    """Remove what writers that were killed before a moment had not finished; returns how many files it was.

    A writer that is at work now, here or on another machine, is younger than that.
    """
    left = [path for path in lake.rglob(".*.parquet.*.tmp") if path.stat().st_mtime < before.timestamp()]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def write_batch(lake: Path, batch_id: str, tables: Iterable[tuple[str, pa.Table]]) -> None:
    """Write one Parquet file to each folder, the last folder's only when all others stand on disk under their names.

    The file system is flushed as a whole, twice, rather than file by file: that costs a tenth.
    """
    asides: list[tuple[Path, Path]] = []
    try:
        for folder, table in tables:
            path = lake / folder / f"{batch_id}.parquet"
            asides.append((_write_aside(path, table), path))
        _flush_all(lake)
        for aside, path in asides[:-1]:
            aside.replace(path)
        _flush_all(lake)
        for aside, path in asides[-1:]:
            aside.replace(path)
            _flush(path.parent)
    finally:
        for aside, _ in asides:
            aside.unlink(missing_ok=True)


def _write_aside(path: Path, table: pa.Table) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        pq.write_table(table, aside, compression="snappy", write_statistics=False)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return aside


def _flush(path: Path) -> None:
    """Make sure that a file's content, or the names in a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_all(path: Path) -> None:
    """Flush the whole file system that holds a folder; where the system has no such call, every one."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):
        os.sync()
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if library.syncfs(descriptor):
            raise OSError(ctypes.get_errno(), f"{path}: 不能写盘 · cannot be flushed to disk")
    finally:
        os.close(descriptor)
