"""The lake's files: their schemas, and how they are written so that a kill leaves no half."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.forms import Column, ColumnType, Forms, FormSpec

MONEY = pa.decimal128(18, 2)
STATE = pa.dictionary(pa.int32(), pa.string())
SCHEMA_FILE = "_schema.parquet"

_checked: set[tuple[Path, str]] = set()  # lakes whose schema files this process has seen to be right, by specs

_VALUE_TYPES: dict[ColumnType, pa.DataType] = {
    ColumnType.MONEY: MONEY,
    ColumnType.COUNT: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.YEAR: pa.int64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.FLAG: pa.bool_(),
    ColumnType.CHOICE: pa.string(),
    ColumnType.CHOICES: pa.string(),
    ColumnType.TEXT: pa.string(),
}

_TIMESTAMP = pa.timestamp("us", tz="UTC")

PROVENANCE = pa.schema(
    [
        ("batch_id", pa.string()),
        ("file_sha256", pa.string()),
        ("file_name", pa.string()),
        ("sheet_name", pa.string()),
        ("table_number", pa.int32()),
        ("row_number", pa.int32()),
        ("reporting_unit_code", pa.string()),
        ("branch_code", pa.string()),
        ("branch_name", pa.string()),
        ("period", pa.string()),
        ("period_end", pa.date32()),
        ("received_at", _TIMESTAMP),
        ("form_version", pa.int32()),
    ]
)

# Columns of the provenance that are the same on every row of a table and period.
SHARED_BY_TABLE = (
    "file_sha256",
    "file_name",
    "sheet_name",
    "table_number",
    "reporting_unit_code",
    "period",
    "period_end",
    "received_at",
)

FINDINGS = pa.schema(
    [
        ("batch_id", pa.string()),
        ("file_sha256", pa.string()),
        ("file_name", pa.string()),
        ("sheet_name", pa.string()),
        ("cell", pa.string()),
        ("row_number", pa.int32()),
        ("form", pa.string()),
        ("field", pa.string()),
        ("period", pa.string()),
        ("reporting_unit_code", pa.string()),
        ("branch_code", pa.string()),
        ("branch_name", pa.string()),
        ("code", pa.string()),
        ("severity", pa.string()),
        ("owner", pa.string()),
        ("original", pa.string()),
        ("text_zh", pa.string()),
        ("text_en", pa.string()),
        ("remedy_zh", pa.string()),
        ("remedy_en", pa.string()),
    ]
)

QUARANTINE = pa.schema(
    [
        ("batch_id", pa.string()),
        ("file_sha256", pa.string()),
        ("file_name", pa.string()),
        ("sheet_name", pa.string()),
        ("table_number", pa.int32()),
        ("row_number", pa.int32()),
        ("form", pa.string()),
        ("period", pa.string()),
        ("reporting_unit_code", pa.string()),
        ("branch_name", pa.string()),
        ("code", pa.string()),
        ("cells", pa.string()),
    ]
)

SHEETS = pa.schema(
    [
        ("batch_id", pa.string()),
        ("file_sha256", pa.string()),
        ("sheet_name", pa.string()),
        ("table_number", pa.int32()),
        ("form", pa.string()),
        ("field", pa.string()),
        ("column_letter", pa.string()),
        ("header_text", pa.string()),
        ("unit", pa.string()),
        ("period", pa.string()),
    ]
)

TABLES = pa.schema(
    [
        ("batch_id", pa.string()),
        ("file_sha256", pa.string()),
        ("file_name", pa.string()),
        ("sheet_name", pa.string()),
        ("table_number", pa.int32()),
        ("form", pa.string()),
        ("period", pa.string()),
        ("period_end", pa.date32()),
        ("reporting_unit_code", pa.string()),
        ("header_row", pa.int32()),
        ("first_row", pa.int32()),
        ("last_row", pa.int32()),
        ("rows", pa.int32()),
        ("outcome", pa.string()),
    ]
)

IGNORED = pa.schema(
    [
        ("batch_id", pa.string()),
        ("file_sha256", pa.string()),
        ("sheet_name", pa.string()),
        ("first_row", pa.int32()),
        ("last_row", pa.int32()),
        ("reason", pa.string()),
    ]
)

FILES = pa.schema(
    [
        ("batch_id", pa.string()),
        ("file_sha256", pa.string()),
        ("file_name", pa.string()),
        ("received_at", _TIMESTAMP),
        ("read_at", _TIMESTAMP),
        ("modified_at", _TIMESTAMP),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("rows", pa.int32()),
        ("quarantined_rows", pa.int32()),
        ("findings", pa.int32()),
        ("forms_version", pa.string()),
        ("register_version", pa.string()),
    ]
)

BRANCHES = pa.schema(
    [
        ("branch_code", pa.string()),
        ("branch_name", pa.string()),
        ("kind", pa.string()),
        ("township_code", pa.string()),
        ("township_name", pa.string()),
        ("county_code", pa.string()),
        ("county_name", pa.string()),
        ("city_code", pa.string()),
        ("city_name", pa.string()),
        ("province_code", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("successor_codes", pa.string()),
        ("households", pa.int64()),
        ("population", pa.int64()),
    ]
)

AREAS = pa.schema(
    [
        ("area_code", pa.string()),
        ("area_name", pa.string()),
        ("level", pa.string()),
        ("parent_code", pa.string()),
    ]
)


def value_type(column: Column) -> pa.DataType:
    """Arrow type of a column's value in the lake."""
    return _VALUE_TYPES[column.type]


def constant_fields(form: FormSpec) -> list[pa.Field]:
    """What the rows of one table of the form share besides their provenance: what a periods-across table measures."""
    if form.indicator is None:
        return []
    return [pa.field("indicator", pa.string()), pa.field("indicator_unit", pa.string())]


def raw_schema(form: FormSpec) -> pa.Schema:
    """Provenance, then what the table measures where it says so, then value and state of every field."""
    fields = [*PROVENANCE, *constant_fields(form)]
    for column in form.columns:
        fields.append(pa.field(column.lake_name, value_type(column)))
        fields.append(pa.field(column.state_name, STATE))
    return pa.schema(fields)


def lake_schemas(forms: Forms) -> dict[str, pa.Schema]:
    """Schema of every folder of the lake, by its path below the lake."""
    return {
        "findings": FINDINGS,
        "quarantine": QUARANTINE,
        "sheets": SHEETS,
        "tables": TABLES,
        "ignored": IGNORED,
        "files": FILES,
        **{f"raw/{form.form}": raw_schema(form) for form in forms.forms},
    }


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
