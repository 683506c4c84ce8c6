"""A night up to its build, and everything it leaves that a build is made from: two that are equal give equal marts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jiceng.settings import Settings

Left = dict[str, list[Any]]
# A file whose reading hangs on the register is read again with the last; of others it does not matter with which.
_OF_THE_RUN = ("batch_id", "read_at", "register_version")


def settings_of(data: Path) -> Settings:
    return Settings(data_dir=data, quiet_seconds=0)


def warm_up() -> None:
    """Import what a night imports and read the form specs once, so that a process forked from this one need not."""
    import functools
    import gc
    import multiprocessing.popen_fork  # noqa: F401

    import duckdb  # noqa: F401
    import pyarrow.dataset  # noqa: F401
    import sqlalchemy.dialects.sqlite  # noqa: F401

    from ingestion import audit, forms, intake, landing, ledger_rebuild, register, register_build  # noqa: F401
    from jiceng import night, night_run, upkeep  # noqa: F401
    from warehouse import closed  # noqa: F401

    forms.load_forms = functools.cache(forms.load_forms)
    forms.load_forms()
    gc.freeze()  # what is never looked at again is never copied


def run(data: Path, *, clock: timedelta = timedelta(0)) -> None:
    """A whole night but for build, checks and publishing, by a clock that is wrong by so much."""
    from jiceng import night, night_run, step

    def now(zone: tzinfo | None = None) -> datetime:
        return datetime.now(zone) + clock

    def nothing(*_: object, **__: object) -> None: ...

    wrong_clock = SimpleNamespace(now=now, fromisoformat=datetime.fromisoformat)
    night.datetime = night_run.datetime = step.datetime = wrong_clock  # type: ignore[attr-defined]
    night.build = night.check = night.publish = night.tell = nothing  # type: ignore[assignment]
    night_run.run(settings_of(data))


def left_by(data: Path) -> Left:
    """What the ledger says of files, what counts in the lake, the register, and what still lies in the inbox.

    Only what names a run or a moment is left out; for moments of arrival stands their order.
    """
    from ingestion.ledger import Ledger
    from ingestion.readings import latest_readings

    settings = settings_of(data)
    with Ledger.open(settings.ledger_url) as ledger:
        files = ledger.all_files()
        names = ledger.names(files)
    order = {moment: number for number, moment in enumerate(sorted(file.received_at for file in files.values()))}
    counts = {
        (reading.sha256, reading.received_at): reading.outcome for reading in latest_readings(settings.lake).values()
    }
    return {
        "files": sorted(
            (
                order[file.received_at], file.sha256, file.file_name, file.suffix, file.size_bytes, file.modified_at,
                str(file.status), file.reason, file.forms_version, file.open_register_findings, file.other_names,
                counts.get((sha256, file.received_at)),
            )
            for sha256, file in files.items()
        ),
        "names": sorted((name.sha256, name.file_name, name.modified_at) for name in names),
        **_lake(settings.lake, order),
        "register": sorted(
            (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
            for path in settings.register.rglob("*.parquet")
            if path.name != "findings.parquet"  # has batches in it
        ),
        "inbox": sorted(str(path) for path in settings.inbox.rglob("*") if path.is_file()),
    }  # fmt: skip


def _lake(lake: Path, order: dict[datetime, int]) -> Left:
    """The rows of each file's latest reading, folder by folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def rows_of(folder: Path) -> Iterable[dict[str, Any]]:
        tables = [pq.ParquetFile(path).read() for path in folder.glob("[!_.]*.parquet")]
        return pa.concat_tables(tables, promote_options="permissive").to_pylist() if tables else ()

    latest: dict[str, tuple[datetime, str]] = {}
    for row in rows_of(lake / "files"):
        latest[row["file_sha256"]] = max(latest.get(row["file_sha256"], _NEVER), (row["read_at"], row["batch_id"]))
    left: Left = {}
    for folder in sorted(path.parent for path in lake.rglob("_schema.parquet")):
        rows = [row for row in rows_of(folder) if "batch_id" not in row or row["batch_id"] == _batch(latest, row)]
        left[str(folder.relative_to(lake))] = sorted(
            repr({key: order.get(value, value) if key == "received_at" else value for key, value in _kept(row)})
            for row in rows
        )
    return left


def _batch(latest: dict[str, tuple[datetime, str]], row: dict[str, Any]) -> str | None:
    return latest[row["file_sha256"]][1] if row["file_sha256"] in latest else None


def _kept(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(key, value) for key, value in row.items() if key not in _OF_THE_RUN]


def differences(one: Left, other: Left) -> list[str]:
    """In which parts they differ, and by what first."""
    found = []
    for part in sorted(one.keys() | other.keys()):
        mine, yours = one.get(part, []), other.get(part, [])
        if mine != yours:
            only = [row for row in mine if row not in yours][:2], [row for row in yours if row not in mine][:2]
            found.append(f"{part}: {len(mine)} and {len(yours)} rows; {only}"[:1500])
    return found


_NEVER = (datetime(1, 1, 1, tzinfo=UTC), "")
