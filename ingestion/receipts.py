"""Receipts: under which name and when each file came, written beside the archive before the ledger has it.

The archive holds bytes alone, named by their hash. With the receipts a lost ledger can be made again from it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from ingestion.ledger_records import FileStatus, ReceivedFile, ReceivedName

FILE = "receipts.jsonl"
_KEPT = (
    "sha256",
    "file_name",
    "suffix",
    "size_bytes",
    "modified_at",
    "received_at",
    "run_id",
    "status",
    "reason",
)


def write_receipts(archive: Path, files: Iterable[ReceivedFile], names: Iterable[ReceivedName]) -> None:
    """Add receipts and flush them to disk; who is killed meanwhile leaves a torn line, which is passed over."""
    lines = [_line({name: getattr(file, name) for name in _KEPT}) for file in files]
    lines += [_line(asdict(name)) for name in names]
    if not lines:
        return
    descriptor = os.open(archive / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as receipts:
        if receipts.seek(0, os.SEEK_END) and _last_byte(receipts.fileno()) != b"\n":
            lines.insert(0, "\n")  # after a torn line
        receipts.write("".join(lines).encode())
        receipts.flush()
        os.fsync(receipts.fileno())


def read_receipts(archive: Path) -> tuple[dict[str, ReceivedFile], tuple[ReceivedName, ...]]:
    """Files by their hash, and further names; of two receipts for one arrival the later counts."""
    files: dict[str, ReceivedFile] = {}
    names: dict[tuple[str, str, datetime], ReceivedName] = {}
    for receipt in all_receipts(archive):
        if isinstance(receipt, ReceivedFile):
            files[receipt.sha256] = receipt
        else:
            names[receipt.sha256, receipt.file_name, receipt.modified_at] = receipt
    return files, tuple(sorted(names.values(), key=lambda name: name.received_at))


def all_receipts(archive: Path) -> Iterator[ReceivedFile | ReceivedName]:
    """Every receipt in the order they were written; a killed intake is written twice."""
    try:
        lines = (archive / FILE).read_bytes().splitlines()
    except FileNotFoundError:
        lines = []
    for line in lines:
        try:
            found: dict[str, Any] = json.loads(line)
            moments = {name: datetime.fromisoformat(found[name]) for name in ("modified_at", "received_at")}
            if "status" in found:
                yield ReceivedFile(**{**found, **moments, "status": FileStatus(found["status"])})
            else:
                yield ReceivedName(**{**found, **moments})
        except (ValueError, KeyError, TypeError):
            continue  # torn


def _line(values: dict[str, Any]) -> str:
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
    return json.dumps(plain, ensure_ascii=False) + "\n"


def _last_byte(descriptor: int) -> bytes:
    return os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1)
