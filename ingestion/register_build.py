"""The counties' registers (党组织名册), as landed, become the register: the latest row of each branch and first day."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.findings import Severity
from ingestion.lake_errors import LakeError
from ingestion.lake_schemas import AREAS, BRANCHES, FILES, FINDINGS, PROVENANCE, SCHEMA_FILE
from ingestion.register_files import (
    BRANCHES_FILE,
    DIVISION_AREAS_FILE,
    DIVISIONS,
    DIVISIONS_FILE,
    EVER,
    FINDINGS_FILE,
    RETURNED_FILE,
    RegisterChange,
    connect,
    is_merged,
    merge_sources,
    metadata_of,
    offer,
    rows_of,
    write,
)
from ingestion.register_findings import RULES, findings_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FORM = "register"
_ROWS = "jiceng_rows"  # which landed rows a file was made from
# What a row of the lake has to hold here; a column that an older spec did not have is empty.
_LANDED = pa.schema(
    [
        *PROVENANCE,
        ("kind", pa.string()),
        ("city_name", pa.string()),
        ("county_name", pa.string()),
        ("township_name", pa.string()),
        ("township_code", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("successor_codes", pa.string()),
        ("households", pa.int64()),
        ("population", pa.int64()),
    ]
)

_WITHOUT_BLANKS = """
    create macro without_blanks(name) as nullif(regexp_replace(name, '[\\s\\x{a0}\\x{3000}]', '', 'g'), '')
"""

# For each file the latest reading counts (docs/lake.md).
_COUNTED = """
    select batch_id, file_sha256
    from files
    qualify row_number() over (partition by file_sha256 order by read_at desc, batch_id desc) = 1 and outcome = 'landed'
    order by all
"""

_JUDGED = """
    with counted_rows as (
        select
            landed.* replace (
                coalesce(valid_from, $ever) as valid_from,
                coalesce(without_blanks(landed.township_name), area.area_name) as township_name,
                coalesce(without_blanks(landed.county_name), county.area_name) as county_name,
                coalesce(without_blanks(landed.city_name), city.area_name) as city_name,
                array_to_string(
                    regexp_extract_all(upper(landed.successor_codes), '[0-9A-Z]{12,18}'), '|'
                ) as successor_codes
            )
        from landed
        semi join counted using (batch_id, file_sha256)
        left join division_areas as area on area.area_code = landed.township_code
        left join division_areas as county on county.area_code = left(landed.township_code, 6)
        left join division_areas as city on city.area_code = left(landed.township_code, 4)
    ),

    judged as (
        select
            *,
            case
                when coalesce(branch_code, '') = '' then 'branch_code'
                when coalesce(branch_name, '') = '' then 'branch_name'
                when kind is null then 'kind'
                when township_code is null then 'township_code'
                when township_name is null then 'township_name'
                when county_name is null then 'county_name'
                when city_name is null then 'city_name'
            end as missing,
            case
                when missing is not null then 'register_row_incomplete'
                when valid_to < valid_from or year(valid_from) not between 1900 and 2100 or year(valid_to) < 1900
                    then 'register_dates_impossible'
                when not regexp_full_match(township_code, '\\d{9}')
                    then 'register_parent_unknown'
                when regexp_full_match(branch_code, '\\d{12}') and left(branch_code, 9) <> township_code
                    then 'register_parent_unknown'
                when kind in ('village', 'community') and not regexp_full_match(branch_code, '\\d{12}')
                    then 'register_parent_unknown'
                when not regexp_full_match(branch_code, '\\d{12}|[0-9A-Z]{18}')
                    then 'register_parent_unknown'
            end as problem
        from counted_rows
    )

    select * from judged
"""

# The row received last counts; the same code from a later day on, under another name, ends the earlier.
_LATEST = """
    with latest as (
        select * from judged
        where problem is null
        qualify row_number() over (
            partition by branch_code, valid_from
            order by received_at desc, file_sha256, sheet_name, table_number, row_number desc
        ) = 1
    ),

    followed as (
        select
            *,
            valid_to as stated_to,
            lead(valid_from) over (partition by branch_code order by valid_from) - 1 as ends
        from latest
    )

    select * replace (least(valid_to, ends) as valid_to)  -- least() leaves out what is null
    from followed
"""

# What the areas are called; of several names the one received last.
_NAMED = """
    with stated as (
        select township_code as area_code, township_name as area_name, received_at from latest
        union all select left(township_code, 6), county_name, received_at from latest
        union all select left(township_code, 4), city_name, received_at from latest
    )

    select
        area_code,
        arg_max(area_name, (received_at, area_name)) as area_name,
        string_agg(distinct area_name, '、' order by area_name) as names,
        count(distinct area_name) as different
    from stated
    group by area_code
"""

_RETURNED = """
    select
        latest.branch_code,
        latest.branch_name,
        latest.kind,
        latest.township_code,
        township.area_name as township_name,
        county.area_code as county_code,
        county.area_name as county_name,
        city.area_code as city_code,
        city.area_name as city_name,
        left(latest.township_code, 2) as province_code,
        latest.valid_from,
        latest.valid_to,
        nullif(latest.successor_codes, '') as successor_codes,
        latest.households,
        latest.population
    from latest
    join named as township on township.area_code = latest.township_code
    join named as county on county.area_code = left(latest.township_code, 6)
    join named as city on city.area_code = left(latest.township_code, 4)
    order by latest.branch_code, latest.valid_from
"""


@dataclass(frozen=True, slots=True)
class RegisterUpdate:
    """How the register changed, how many rows of the counties' registers it refused, and findings by severity."""

    change: RegisterChange
    refused: int = 0
    findings: Mapping[Severity, int] = field(default_factory=dict)


def build_register(lake: Path, directory: Path) -> RegisterUpdate:
    """Build the register from the landed registers of the counties and the divisions that were imported.

    A branch is what its county said last; where no county speaks of it, what the divisions say. Rows that cannot be are
    left out and become findings, in `findings.parquet` beside the register. Nothing is written when nothing changed.
    """
    with connect() as connection:
        connection.register("files", _table(lake / "files", FILES))
        connection.execute(f"create table counted as {_COUNTED}")
        counted = connection.execute("from counted").fetchall()
        paths = [path for path in _paths(lake / "raw" / _FORM) if path.stem in {batch_id for batch_id, _ in counted}]
        rows = _digest(directory, paths, counted)
        if not (directory / RETURNED_FILE).exists() or metadata_of(directory / FINDINGS_FILE).get(_ROWS) != rows:
            connection.register("landed", _landed(paths))
            _write_returned(connection, lake, directory, rows)
    if not is_merged(directory):
        change = merge_sources(directory)
    else:
        change = RegisterChange(pq.read_metadata(directory / BRANCHES_FILE).num_rows, 0, 0, 0, 0)
    found = pq.ParquetFile(directory / FINDINGS_FILE).read(columns=["code", "severity"]).to_pylist()
    refused = sum(Severity(finding["severity"]) is Severity.ERROR for finding in found)
    return RegisterUpdate(change, refused, dict(Counter(Severity(finding["severity"]) for finding in found)))


def _write_returned(connection: DuckDBPyConnection, lake: Path, directory: Path, rows: str) -> None:
    """Write what the counties say and what is wrong with it, the findings last."""
    offer(connection, "divisions", directory / DIVISIONS_FILE, DIVISIONS)
    offer(connection, "division_areas", directory / DIVISION_AREAS_FILE, AREAS)
    connection.execute(_WITHOUT_BLANKS)
    connection.execute(f"create table judged as {_JUDGED}", {"ever": EVER})
    connection.execute(f"create table latest as {_LATEST}")
    connection.execute(f"create table named as {_NAMED}")
    findings = list(findings_of(connection, lake))
    write(directory / RETURNED_FILE, rows_of(connection, _RETURNED), BRANCHES)
    table = pa.Table.from_pylist(findings, FINDINGS)
    write(directory / FINDINGS_FILE, table.to_batches(), FINDINGS, {_ROWS: rows})


def _paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[!._]*.parquet") if path.name != SCHEMA_FILE)


def _table(folder: Path, schema: pa.Schema) -> pa.Table:
    """Every batch of a folder of the lake; pyarrow's datasets would import pandas."""
    tables = (_opened(path).read() for path in _paths(folder))
    return pa.concat_tables([schema.empty_table(), *tables], promote_options="default").select(schema.names)


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise LakeError(path.name, error) from error


def _landed(paths: Iterable[Path]) -> pa.Table:
    tables = [_LANDED.empty_table()]
    for path in paths:
        file = _opened(path)
        known = file.schema_arrow.names
        table = file.read(columns=[name for name in _LANDED.names if name in known])
        absent = {
            name: pa.nulls(table.num_rows, _LANDED.field(name).type) for name in _LANDED.names if name not in known
        }
        for name, nulls in absent.items():
            table = table.append_column(name, nulls)
        tables.append(table.select(_LANDED.names).cast(_LANDED))
    return pa.concat_tables(tables)


def _digest(directory: Path, paths: Iterable[Path], counted: Iterable[tuple[str, str]]) -> str:
    """Changes with the rows that count, with what they are judged by, and with the rules."""
    batches = {path.stem for path in paths}
    content = hashlib.sha256("".join((_JUDGED, _LATEST, _NAMED, _RETURNED, *RULES)).encode())
    content.update(repr(sorted(pair for pair in counted if pair[0] in batches)).encode())
    for name in (DIVISIONS_FILE, DIVISION_AREAS_FILE):
        path = directory / name
        content.update(hashlib.sha256(path.read_bytes() if path.exists() else b"").digest())
    return content.hexdigest()
