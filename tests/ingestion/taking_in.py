"""Intake as tests do it: files put into an inbox, one night's intake after another, and what the ledger says then."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from ingestion.intake import Intake, take_in
from ingestion.ledger import Ledger
from ingestion.ledger_records import FileStatus, ReadOutcome

NIGHT = datetime(2014, 3, 31, 17, tzinfo=UTC)
SENT = datetime(2014, 3, 30, 8, tzinfo=UTC)


class TakesIn:
    """One night's intake after another."""

    def __init__(self, inbox: Path, archive: Path, ledger: Ledger) -> None:
        self.inbox, self.archive, self.ledger = inbox, archive, ledger

    def __call__(
        self, run_id: str = "n1", now: datetime = NIGHT, batch_size: int = 200, quiet_seconds: float = 5
    ) -> Intake:
        return take_in(
            self.inbox,
            self.archive,
            self.ledger,
            run_id=run_id,
            now=now,
            batch_size=batch_size,
            quiet_seconds=quiet_seconds,
            forms_version="f1",
            register_version="r1",
        )

    def read(self, *batches: str) -> None:
        for batch in batches:
            outcomes = [ReadOutcome(file.sha256, "f1", "r1") for file in self.ledger.batch_files(batch)]
            self.ledger.mark_landed(batch, outcomes)


def put(inbox: Path, name: str | bytes, content: bytes, sent: datetime = SENT) -> Path:
    path = inbox / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (sent.timestamp(), sent.timestamp()))
    return path


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def account(ledger: Ledger) -> list[tuple[str, str, FileStatus, str | None, tuple[str, ...]]]:
    files = [*ledger.pending_files(), *ledger.files_to_reread("other", "other")]
    return [(file.sha256, file.file_name, file.status, file.batch, file.other_names) for file in files]


def nothing(batches: tuple[str, ...] = (), **counts: int) -> Intake:
    fields = dict.fromkeys(("received", "duplicates", "waiting", "rejected", "ignored", "again"), 0) | counts
    return Intake(**fields, batches=batches, left=())
