"""A ledger made again from what outlives it: the archive with its receipts, and the lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingestion.archive import archived_path, is_intact
from ingestion.ledger import Ledger
from ingestion.ledger_records import FileStatus, ReceivedFile, ReceivedName
from ingestion.readings import LatestReading, latest_readings
from ingestion.receipts import read_receipts

_UNKNOWN_NIGHT = "unknown"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Files that are entered, of those the ones that were read; `nameless` came before there were receipts.

    `damaged` names those whose bytes in the archive are not those that came.
    """

    files: int
    read: int
    nameless: int
    damaged: tuple[str, ...] = ()


def rebuild_files(ledger: Ledger, archive: Path, lake: Path) -> Rebuilt:
    """Replace the ledger's files by what archive, receipts and lake say; its nights stay. Raises LakeError."""
    receipts, names = read_receipts(archive)
    readings = latest_readings(lake)
    files = [
        _as_read(receipts.get(path.name) or _without_receipt(path, readings), readings)
        for path in sorted(archive.glob("??/*"))
        if path.is_file()
    ]
    entered = {file.sha256 for file in files}
    kept = [name for name in names if name.sha256 in entered]
    was_read = [name for name in kept if _was_read(name, readings)]
    ledger.replace_files(files, kept, was_read)
    read = sum(file.forms_version is not None for file in files)
    damaged = [file.file_name for file in files if not is_intact(archived_path(archive, file.sha256))]
    return Rebuilt(len(files), read, sum(file.run_id == _UNKNOWN_NIGHT for file in files), tuple(damaged))


def _as_read(file: ReceivedFile, readings: Mapping[str, LatestReading]) -> ReceivedFile:
    reading = readings.get(file.sha256)
    if reading is None:
        return file
    return replace(
        file,
        status=FileStatus(reading.outcome),
        reason=reading.reason,
        forms_version=reading.forms_version,
        register_version=reading.register_version,
        open_register_findings=reading.has_open_findings,
    )


def _without_receipt(path: Path, readings: Mapping[str, LatestReading]) -> ReceivedFile:
    """A file that came before there were receipts: what the lake knows of it, else nothing but its bytes."""
    reading, status = readings.get(path.name), path.stat()
    file_name = reading.file_name if reading else path.name
    moment = datetime.fromtimestamp(status.st_mtime, UTC)
    return ReceivedFile(
        sha256=path.name,
        file_name=file_name,
        suffix=Path(file_name).suffix.lower() if reading else ".xlsx",
        size_bytes=status.st_size,
        modified_at=moment,
        received_at=reading.received_at if reading else moment,
        run_id=_UNKNOWN_NIGHT,
    )


def _was_read(name: ReceivedName, readings: Mapping[str, LatestReading]) -> bool:
    reading = readings.get(name.sha256)
    return reading is not None and name.file_name in (reading.file_name, *reading.other_names)
