"""Landing: the files of a batch read in the box, and what they hold written to the lake."""

from __future__ import annotations

import gc
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ingestion.archive import archived_path, is_intact
from ingestion.batch import Batch
from ingestion.findings import Finding, Severity
from ingestion.form_rows import FileRead
from ingestion.forms import Forms
from ingestion.lake import write_batch, write_schema_files
from ingestion.ledger_records import ReadOutcome, ReceivedFile
from ingestion.moments import day_in_china
from ingestion.reading import reader_of, rejected
from ingestion.reading_box import box_of
from ingestion.records import Reading, Source
from ingestion.register import Register
from ingestion.workbook import WorkbookError

# Findings that another register could change: a file that has one is read again when the register has changed.
OPEN_CODES = frozenset(
    {
        "branch_unknown",
        "branch_ambiguous",
        "branch_code_conflict",
        "branch_missing",
        "register_missing",
        "reporter_unknown",
        "reporter_folder_unknown",
        "reporter_conflict",
    }
)


@dataclass(frozen=True, slots=True)
class Landed:
    """What a batch came to; `findings` are counts by severity.

    `damaged` are files whose bytes in the archive are not those that came: they are not read and stay as they are.
    """

    batch_id: str
    files: int
    rows: int
    quarantined_rows: int
    findings: Mapping[Severity, int] = field(default_factory=dict)
    outcomes: tuple[ReadOutcome, ...] = ()
    damaged: tuple[str, ...] = ()


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
    damaged = [file for file in files if not is_intact(archived_path(archive, file.sha256))]
    files = [file for file in files if file not in damaged]
    gather = _Gather(_batch_id(files, forms, register), (forms.version, register.version), read_at)
    to_read = [_InArchive(archived_path(archive, file.sha256), file) for file in map(_named, files)]
    whole, outcomes = gather(forms, ())
    with _without_collection():
        for part in box_of(forms, register).read(to_read, gather):
            if isinstance(part, WorkbookError):
                lost = to_read[len(outcomes)]
                part = gather(forms, [(lost, rejected(part, reader_of(forms, register).unit_of(lost.source)))])
            batch, of_files = part
            whole.take(batch)
            outcomes.extend(of_files)
            if progress:
                progress(len(outcomes), len(files))
        write_batch(lake, whole.batch_id, whole.tables())
    severities = Counter(finding.severity for _, finding, _ in whole.findings)
    return Landed(
        batch_id=whole.batch_id,
        files=len(files),
        rows=whole.rows,
        quarantined_rows=whole.quarantined_rows,
        findings=dict(severities),
        outcomes=tuple(outcomes),
        damaged=tuple(file.file_name for file in damaged),
    )


class _InArchive(NamedTuple):
    """A file of the batch and where its bytes are kept."""

    path: Path
    file: FileRead

    @property
    def source(self) -> Source:
        file = self.file
        return Source(file.file_name, file.sha256, file.other_names, day_in_china(file.received_at))


@dataclass(frozen=True, slots=True)
class _Gather:
    """Makes a batch of readings, in the process that reads and in ours."""

    batch_id: str
    versions: tuple[str, str]
    read_at: datetime

    def __call__(self, forms: Forms, readings: Iterable[tuple[_InArchive, Reading]]) -> tuple[Batch, list[ReadOutcome]]:
        batch = Batch(self.batch_id, forms)
        outcomes = []
        for (_, file), reading in readings:
            batch.add(file, reading, self.versions, self.read_at)
            is_open = any(_is_open(finding, reading) for finding in reading.findings)
            outcomes.append(ReadOutcome(file.sha256, *self.versions, is_open, reading.reason))
        return batch, outcomes


def _is_open(finding: Finding, reading: Reading) -> bool:
    """Whether another register could change it: it may know whose folder a file that cannot be read lies in."""
    return finding.code in OPEN_CODES or (reading.reason is not None and finding.reporting_unit_code is None)


def _named(file: ReceivedFile) -> FileRead:
    return FileRead(file.sha256, file.file_name, file.received_at, file.modified_at, file.other_names)


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
