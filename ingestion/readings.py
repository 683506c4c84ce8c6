"""What the lake says of each file: its latest reading, which is the one that counts (docs/lake.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.lake_errors import LakeError
from ingestion.landing import OPEN_CODES

if TYPE_CHECKING:
    import duckdb

__all__ = ["LakeError", "LatestReading", "last_read_at", "latest_readings"]


@dataclass(frozen=True, slots=True)
class LatestReading:
    """A file as it was read last; `rows` and `quarantined` as its own line says, `found_…` as they lie in the lake."""

    sha256: str
    file_name: str
    received_at: datetime
    outcome: str
    reason: str | None
    forms_version: str
    register_version: str
    rows: int
    quarantined: int
    found_rows: int
    found_quarantined: int
    has_open_findings: bool
    other_names: tuple[str, ...]


def latest_readings(lake: Path) -> dict[str, LatestReading]:
    """Every file that was read, by its hash. Raises LakeError when a Parquet file of the lake cannot be read."""
    import duckdb

    if not any(lake.glob("files/[!_]*.parquet")):
        return {}
    with duckdb.connect() as connection:
        try:
            rows = connection.execute(_query(connection, lake), {"open_codes": sorted(OPEN_CODES)}).fetchall()
        except duckdb.Error as error:
            raise LakeError(error) from error
    found = [LatestReading(*(*row[:-1], tuple(row[-1] or ()))) for row in rows]
    return {reading.sha256: reading for reading in found}


def last_read_at(lake: Path) -> datetime | None:
    """When the latest reading was made; None before the first. Raises LakeError."""
    import duckdb

    if not any(lake.glob("files/[!_]*.parquet")):
        return None
    with duckdb.connect() as connection:
        try:
            files = connection.read_parquet([str(path) for path in sorted(lake.glob("files/*.parquet"))])
            found: datetime | None = files.aggregate("max(read_at)").fetchall()[0][0]
        except duckdb.Error as error:
            raise LakeError(error) from error
    return found


def _query(connection: duckdb.DuckDBPyConnection, lake: Path) -> str:
    for name, folders in (
        ("files", ["files"]),
        ("findings", ["findings"]),
        ("quarantine", ["quarantine"]),
        ("landed", sorted(f"raw/{path.name}" for path in (lake / "raw").glob("*"))),
    ):
        paths = [str(path) for folder in folders for path in sorted((lake / folder).glob("*.parquet"))]
        connection.read_parquet(paths, union_by_name=True).create_view(name)
    return """
        with latest as (
            select *
            from files
            qualify row_number() over (partition by file_sha256 order by read_at desc, batch_id desc) = 1
        ),
        landed_rows as (select batch_id, file_sha256, count(*) as number from landed group by all),
        quarantined_rows as (select batch_id, file_sha256, count(*) as number from quarantine group by all),
        found as (
            select
                batch_id, file_sha256, bool_or(code in $open_codes) as is_open,
                list(distinct file_name) filter (
                    where starts_with(code, 'same_file_') or code = 'file_empty'
                ) as other_names
            from findings group by all
        )
        select
            latest.file_sha256, latest.file_name, latest.received_at, latest.outcome, latest.reason,
            latest.forms_version, latest.register_version, latest.rows, latest.quarantined_rows,
            coalesce(landed_rows.number, 0), coalesce(quarantined_rows.number, 0), coalesce(found.is_open, false),
            list_filter(found.other_names, lambda name: name <> latest.file_name)
        from latest
        left join landed_rows using (batch_id, file_sha256)
        left join quarantined_rows using (batch_id, file_sha256)
        left join found using (batch_id, file_sha256)
    """
