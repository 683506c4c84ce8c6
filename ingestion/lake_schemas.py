"""What every folder of the lake holds: the columns of its Parquet files and their types (docs/lake.md)."""

from __future__ import annotations

import pyarrow as pa

from ingestion.forms import Column, ColumnType, Forms, FormSpec

MONEY = pa.decimal128(18, 2)
STATE = pa.dictionary(pa.int32(), pa.string())
SCHEMA_FILE = "_schema.parquet"

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
