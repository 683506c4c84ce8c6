"""The account of what was received: every file is in the archive as it came, and landed, rejected or pending, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from pathlib import Path

from ingestion.archive import archived_path, is_intact
from ingestion.ledger import Ledger
from ingestion.ledger_records import FileStatus, ReceivedFile
from ingestion.readings import LakeError, LatestReading, latest_readings
from ingestion.receipts import all_receipts, read_receipts

_AS_RECEIVED = attrgetter("file_name", "suffix", "size_bytes", "modified_at", "received_at", "run_id")


class ProblemKind(Enum):
    """What does not add up, and what to do, in Chinese and English."""

    LOST = ("归档中没有这个文件，请报送单位重报", "not in the archive: have it sent again")
    DAMAGED = ("归档文件已损坏（指纹不符），不会再读，请重报", "damaged in the archive, not read: have it sent again")
    NOT_IN_LEDGER = (
        "归档中有、台账中没有：下一晚会补记，否则运行 jiceng rebuild",
        "in the archive, not in the ledger: the next night enters it, else jiceng rebuild",
    )
    LEDGER_CHANGED = (
        "台账与收件记录不符（何时收到、文件名等被改动）：查明后运行 jiceng rebuild",
        "the ledger is not as the file was received (when, under which name): find out why, then jiceng rebuild",
    )
    NOT_IN_LAKE = (
        "台账记为已读，数据湖中没有：运行 jiceng rebuild",
        "read by the ledger, not in the lake: jiceng rebuild",
    )
    LAKE_ONLY = ("数据湖中有、台账中没有：运行 jiceng rebuild", "in the lake, not in the ledger: jiceng rebuild")
    OUTCOME_DIFFERS = (
        "台账与数据湖记的结果不同：运行 jiceng rebuild",
        "ledger and lake differ in what became of it: jiceng rebuild",
    )
    ROWS_DIFFER = (
        "数据湖中的行数与读表时不同：运行 jiceng rebuild --lake",
        "the lake holds other rows than were read: jiceng rebuild --lake",
    )
    LAKE_UNREADABLE = (
        "数据湖读不出来：运行 jiceng rebuild --lake",
        "the lake cannot be read: jiceng rebuild --lake",
    )

    VERSION_CHANGED = (
        "已发布的版本在发布后被改动（指纹不符），不要再用：运行 jiceng run 重新发布，关账的由备份恢复",
        "a published version was changed afterwards, do not use it: jiceng run, or a backup if it was closed",
    )

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Problem:
    kind: ProblemKind
    sha256: str = ""
    file_name: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """`received` are files once for their bytes; `further_names` later arrivals of the same bytes."""

    received: int
    landed: int
    rejected: int
    pending: int
    further_names: int
    rows: int
    quarantined: int
    problems: tuple[Problem, ...]

    @property
    def is_clean(self) -> bool:
        return not self.problems and self.received == self.landed + self.rejected + self.pending


def audit(archive: Path, lake: Path, ledger: Ledger, *, progress: Callable[[int, int], None] | None = None) -> Account:
    """Hold archive, receipts, ledger and lake against each other; every archived byte is hashed."""
    files = ledger.all_files()
    archived = {path.name for path in archive.glob("??/*") if path.is_file()}
    receipts, _ = read_receipts(archive)
    received = archived | receipts.keys() | files.keys()
    problems: list[Problem] = []
    for number, sha256 in enumerate(sorted(received), 1):
        problems.extend(_in_archive(archive, archived, sha256, files, receipts))
        if progress:
            progress(number, len(received))
    problems.extend(_against_the_receipts(archive, files))
    try:
        readings = latest_readings(lake)
    except LakeError as error:
        readings = {}
        problems.append(Problem(ProblemKind.LAKE_UNREADABLE, detail=str(error)))
    else:
        problems.extend(_against_the_lake(files, readings))
    counts = {status: sum(file.status is status for file in files.values()) for status in FileStatus}
    return Account(
        received=len(received),
        landed=counts[FileStatus.LANDED],
        rejected=counts[FileStatus.REJECTED],
        pending=counts[FileStatus.PENDING],
        further_names=len(ledger.names(files)),
        rows=sum(reading.rows for reading in readings.values()),
        quarantined=sum(reading.quarantined for reading in readings.values()),
        problems=tuple(problems),
    )


def _in_archive(
    archive: Path, archived: set[str], sha256: str, files: dict[str, ReceivedFile], receipts: dict[str, ReceivedFile]
) -> Iterator[Problem]:
    known = files.get(sha256) or receipts.get(sha256)
    name = known.file_name if known else ""
    if sha256 not in archived:
        yield Problem(ProblemKind.LOST, sha256, name)
    elif not is_intact(archived_path(archive, sha256)):
        yield Problem(ProblemKind.DAMAGED, sha256, name)
    if sha256 not in files:
        yield Problem(ProblemKind.NOT_IN_LEDGER, sha256, name)


def _against_the_receipts(archive: Path, files: dict[str, ReceivedFile]) -> Iterator[Problem]:
    """Receipts are only ever added: a row of the ledger that is like none of its file's was changed afterwards."""
    written: dict[str, list[tuple[object, ...]]] = {}
    for receipt in all_receipts(archive):
        if isinstance(receipt, ReceivedFile):
            written.setdefault(receipt.sha256, []).append(_AS_RECEIVED(receipt))
    for sha256, file in files.items():
        if sha256 in written and _AS_RECEIVED(file) not in written[sha256]:
            yield Problem(ProblemKind.LEDGER_CHANGED, sha256, file.file_name)


def _against_the_lake(files: dict[str, ReceivedFile], readings: dict[str, LatestReading]) -> Iterator[Problem]:
    for sha256, file in files.items():
        reading = readings.get(sha256)
        if reading is None:
            if file.forms_version is not None:
                yield Problem(ProblemKind.NOT_IN_LAKE, sha256, file.file_name)
        # A night killed between landing a batch and noting it leaves its files pending: they are read again.
        elif file.status is not FileStatus.PENDING and reading.outcome != file.status:
            yield Problem(ProblemKind.OUTCOME_DIFFERS, sha256, file.file_name, f"{file.status} ≠ {reading.outcome}")
    for sha256, reading in readings.items():
        if sha256 not in files:
            yield Problem(ProblemKind.LAKE_ONLY, sha256, reading.file_name)
        if (reading.rows, reading.quarantined) != (reading.found_rows, reading.found_quarantined):
            counted = f"{reading.rows}+{reading.quarantined} ≠ {reading.found_rows}+{reading.found_quarantined}"
            yield Problem(ProblemKind.ROWS_DIFFER, sha256, reading.file_name, counted)
