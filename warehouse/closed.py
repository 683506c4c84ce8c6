"""What a closing keeps: the version that served, in a folder that nothing clears away; its scorecard in the lake.

The ledger says which closings there are. Everything here is made from it and from the kept versions, so that a lake
that was lost gets its closed figures back.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.closings import Closing
from ingestion.lake import write_table
from warehouse.labels import sql_text
from warehouse.versions import LINK, SnapshotError, move_link, sync

CLOSED = "closed"
_MOMENT = pa.timestamp("us", tz="UTC")

CLOSED_PERIODS = pa.schema(
    [
        ("period", pa.string()),
        ("closed_with", pa.string()),
        ("closed_at", _MOMENT),
        ("closed_by", pa.string()),
        ("run_id", pa.string()),
        ("snapshot", pa.string()),
        ("known_until", _MOMENT),
        ("reopened_at", _MOMENT),
        ("reopened_by", pa.string()),
        ("reopened_because", pa.string()),
    ]
)

CLOSED_SCORECARD = pa.schema(
    [
        ("closed_with", pa.string()),
        ("closed_at", _MOMENT),
        ("level", pa.string()),
        ("area_code", pa.string()),
        ("area_name", pa.string()),
        ("indicator", pa.string()),
        ("period", pa.string()),
        ("numerator", pa.decimal128(24, 6)),
        ("denominator", pa.decimal128(24, 6)),
        ("value", pa.decimal128(24, 6)),
        ("branches_reported", pa.int64()),
        ("branches_expected", pa.int64()),
    ]
)
_OF_THE_CLOSING = ("closed_with", "closed_at")
_RECORD = "closings.parquet"  # beside the kept versions: what the ledger said of them, should it be lost


def place_of_closing(published: Path, period: str) -> Path:
    """Where a closed period's version is kept and read."""
    return published / CLOSED / period


def keep_version(version: Path, published: Path, period: str) -> Path:
    """Copy a published version to where no night clears it away; done again it leaves the same file."""
    kept = place_of_closing(published, period) / version.name
    if kept.exists():
        return kept
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        aside = kept.with_name(f".{kept.name}.part")
        shutil.copyfile(version, aside)
        aside.chmod(0o440)
        sync(aside)
        aside.rename(kept)
        sync(kept.parent)
    except OSError as error:
        raise SnapshotError(f"关账的版本存不下 · the version to keep cannot be written: {error}") from error
    return kept


def known_until(version: Path) -> datetime | None:
    """When the last file came that a version knows of."""
    with duckdb.connect(version, read_only=True) as reader:
        row = reader.execute("select epoch_us(max(received_at)) from return_file").fetchone()
    return _moment(row[0]) if row and row[0] is not None else None


def periods_of(version: Path) -> frozenset[str]:
    """The periods that a version's scorecard has figures for that somebody reported."""
    with duckdb.connect(version, read_only=True) as reader:
        rows = reader.execute("select distinct period from area_scorecard where branches_reported > 0").fetchall()
    return frozenset(period for (period,) in rows)


def write_closings(lake: Path, published: Path, closings: Sequence[Closing]) -> None:
    """Bring the lake and the links of the kept versions to what the ledger says; what is right stays untouched."""
    _write_if_changed(lake / "closed_periods" / "closed_periods.parquet", _periods(closings))
    if closings:
        _write_if_changed(published / CLOSED / _RECORD, _periods(closings))
    write_empty_closings(lake)
    for closed in closings:
        kept = place_of_closing(published, closed.period) / closed.snapshot
        path = lake / "closed_scorecard" / f"{closed.period}-{Path(closed.snapshot).stem}.parquet"
        if not path.exists() and kept.exists():
            write_table(path, _scorecard(kept, closed))
    holding = {closed.period: closed for closed in closings if closed.holds}
    for period in {closed.period for closed in closings}:
        _link(place_of_closing(published, period), holding.get(period))


def recorded_closings(published: Path) -> tuple[Closing, ...]:
    """Every closing as it was recorded beside the versions that are kept, for a ledger that was lost."""
    path = published / CLOSED / _RECORD
    rows = pq.ParquetFile(path).read().to_pylist() if path.exists() else []
    covers: dict[tuple[str, datetime], list[str]] = {}
    for row in rows:
        covers.setdefault((row["closed_with"], row["closed_at"]), []).append(row["period"])
    found = {(row.pop("closed_with"), row["closed_at"]): row for row in rows}
    return tuple(Closing(**{**row, "period": key[0], "covers": tuple(covers[key])}) for key, row in found.items())


def write_empty_closings(lake: Path) -> None:
    """Give the two folders their schema, so that models can read them before anything was closed."""
    for folder, schema in (("closed_periods", CLOSED_PERIODS), ("closed_scorecard", CLOSED_SCORECARD)):
        path = lake / folder / "_schema.parquet"
        if not path.exists():
            write_table(path, schema.empty_table())


def _periods(closings: Iterable[Closing]) -> pa.Table:
    rows = [
        {
            "period": period,
            "closed_with": closed.period,
            "closed_at": closed.closed_at,
            "closed_by": closed.closed_by,
            "run_id": closed.run_id,
            "snapshot": closed.snapshot,
            "known_until": closed.known_until,
            "reopened_at": closed.reopened_at,
            "reopened_by": closed.reopened_by,
            "reopened_because": closed.reopened_because,
        }
        for closed in closings
        for period in closed.covers
    ]
    return pa.Table.from_pylist(rows, schema=CLOSED_PERIODS)


def _scorecard(kept: Path, closed: Closing) -> pa.Table:
    columns = [name for name in CLOSED_SCORECARD.names if name not in _OF_THE_CLOSING]
    covered = ", ".join(sql_text(period) for period in closed.covers)
    with duckdb.connect(kept, read_only=True) as reader:
        rows = reader.execute(
            f"select {', '.join(columns)} from area_scorecard where period in ({covered}) order by all"  # noqa: S608
        ).fetchall()
    told = {"closed_with": closed.period, "closed_at": closed.closed_at}
    found = [{**told, **dict(zip(columns, row, strict=True))} for row in rows]
    return pa.Table.from_pylist(found, schema=CLOSED_SCORECARD)


def _write_if_changed(path: Path, table: pa.Table) -> None:
    if not path.exists() or not pq.ParquetFile(path).read().equals(table):
        write_table(path, table)


def _link(place: Path, closed: Closing | None) -> None:
    """Let the kept version of a closing that holds be found; of one opened again the file stays, the link goes."""
    link = place / LINK
    if closed is None:
        link.unlink(missing_ok=True)
    elif (place / closed.snapshot).exists() and (not link.is_symlink() or link.readlink() != Path(closed.snapshot)):
        move_link(place, place / closed.snapshot)


def _moment(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
