"""Landing: the files of a batch read one by one, and what they hold written to the lake."""

from __future__ import annotations

import gc
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingestion.archive import archived_path
from ingestion.batch import Batch, FileRead
from ingestion.findings import Severity
from ingestion.forms import Forms
from ingestion.lake import write_batch, write_schema_files
from ingestion.ledger import ReadOutcome, ReceivedFile
from ingestion.reading import reader_of
from ingestion.records import Source
from ingestion.register import Register

# Findings that another register could change: a file that has one is read again when the register has changed.
OPEN_CODES = frozenset(
    {
        "branch_unknown",
        "branch_ambiguous",
        "branch_code_conflict",
        "branch_missing",
        "reporter_unknown",
        "reporter_folder_unknown",
        "reporter_conflict",
    }
)


@dataclass(frozen=True, slots=True)
class Landed:
    """What a batch came to; `findings` are counts by severity."""

    batch_id: str
    files: int
    rows: int
    quarantined_rows: int
    findings: Mapping[Severity, int] = field(default_factory=dict)
    outcomes: tuple[ReadOutcome, ...] = ()


def read_and_land(
    files: Sequence[ReceivedFile],
    archive: Path,
    lake: Path,
    forms: Forms,
    register: Register,
    *,
    read_at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Landed:
    """Read the files of one batch from the archive and write one Parquet file to each folder of the lake.

    The files' own table is written last: until it stands the batch does not count. The same files read with the same
    specs and register make the same batch, which replaces itself. Raises OSError when the archive or lake fails.
    """
    write_schema_files(lake, forms)
    batch = Batch(_batch_id(files, forms, register), forms)
    reader = reader_of(forms, register)
    versions = (forms.version, register.version)
    outcomes = []
    rows = quarantined = 0
    with _without_collection():
        for number, file in enumerate(files, 1):
            content = _content(archived_path(archive, file.sha256))
            reading = reader.read(content, Source(file.file_name, file.sha256))
            read = FileRead(file.sha256, file.file_name, file.received_at, file.other_names)
            batch.add(read, reading, versions, read_at)
            rows += reading.rows
            quarantined += len(reading.quarantine)
            is_open = any(finding.code in OPEN_CODES for finding in reading.findings)
            outcomes.append(ReadOutcome(file.sha256, *versions, is_open, reading.reason))
            if progress:
                progress(number, len(files))
        write_batch(lake, batch.batch_id, batch.tables())
    severities = Counter(finding.severity for _, finding, _ in batch.findings)
    return Landed(batch.batch_id, len(files), rows, quarantined, dict(severities), tuple(outcomes))


def _content(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the collector of cyclic garbage from walking a batch of millions of plain values again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _batch_id(files: Sequence[ReceivedFile], forms: Forms, register: Register) -> str:
    named = [(file.sha256, file.file_name, *file.other_names) for file in files]
    content = json.dumps([sorted(named), forms.version, register.version], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]
