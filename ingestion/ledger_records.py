"""What the ledger keeps, as plain values: files, names, what a night received, what became of a file, a night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class FileStatus(StrEnum):
    PENDING = "pending"  # received, not read yet
    LANDED = "landed"
    REJECTED = "rejected"  # kept in the archive, with the reason why it holds no return


class NightState(StrEnum):
    RUNNING = "running"
    PUBLISHED = "published"
    BLOCKED = "blocked"  # by a critical check
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file, once for its bytes. `file_name` is its path below the inbox: a text, never to be opened.

    `forms_version` and `register_version` say what it was last read with, None if it never was. `other_names` are the
    further names the same bytes arrived under, in order of arrival.
    """

    sha256: str
    file_name: str
    suffix: str
    size_bytes: int
    modified_at: datetime
    received_at: datetime
    run_id: str
    batch: str | None = None
    status: FileStatus = FileStatus.PENDING
    reason: str | None = None
    forms_version: str | None = None
    register_version: str | None = None
    open_register_findings: bool = False
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceivedName:
    """A further arrival of bytes that are known."""

    sha256: str
    file_name: str
    modified_at: datetime
    received_at: datetime
    run_id: str


@dataclass(frozen=True, slots=True)
class Receipts:
    """What a night received: new files to be read, new files refused by their kind, further names of known bytes."""

    files: int
    refused: int
    names: int


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What became of a file that was read; `open_register_findings` when another register could read it otherwise."""

    sha256: str
    forms_version: str
    register_version: str
    open_register_findings: bool = False
    rejected_because: str | None = None


@dataclass(frozen=True, slots=True)
class Night:
    """One run of the night; `facts` are counts and names that its steps noted."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    as_of: date | None
    state: NightState
    failed_task: str | None
    facts: Mapping[str, Any]
