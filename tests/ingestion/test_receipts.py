"""Receipts outlive a kill in the middle of a line, and of two for one arrival the later counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingestion.ledger_records import FileStatus, ReceivedFile, ReceivedName
from ingestion.receipts import FILE, read_receipts, write_receipts

CAME = datetime(2014, 3, 31, 17, tzinfo=UTC)
RETURN = ReceivedFile("a" * 64, "云溪县/青石镇/三月.xlsx", ".xlsx", 5, CAME, CAME, "20140331T170000Z")
AGAIN = ReceivedName("a" * 64, "云溪县/三月.xlsx", CAME, CAME + timedelta(days=1), "20140401T170000Z")
PACKED = replace(
    RETURN, sha256="b" * 64, file_name="包.zip", suffix=".zip", status=FileStatus.REJECTED, reason="压缩包 · packed"
)


def test_receipts_come_back_as_they_were_written(tmp_path: Path) -> None:
    assert read_receipts(tmp_path) == ({}, ())
    write_receipts(tmp_path, [RETURN, PACKED], [])
    write_receipts(tmp_path, [], [AGAIN])
    assert read_receipts(tmp_path) == ({"a" * 64: RETURN, "b" * 64: PACKED}, (AGAIN,))


def test_torn_line_is_passed_over_and_the_next_is_whole(tmp_path: Path) -> None:
    write_receipts(tmp_path, [RETURN, PACKED], [])
    receipts = tmp_path / FILE
    receipts.write_bytes(receipts.read_bytes()[:-20])
    write_receipts(tmp_path, [], [AGAIN])
    assert read_receipts(tmp_path) == ({"a" * 64: RETURN}, (AGAIN,))


def test_later_receipt_of_one_arrival_counts(tmp_path: Path) -> None:
    later = replace(RETURN, received_at=CAME + timedelta(hours=1))
    write_receipts(tmp_path, [RETURN], [AGAIN])
    write_receipts(tmp_path, [later], [replace(AGAIN, run_id="20140402T170000Z")])
    assert read_receipts(tmp_path) == ({"a" * 64: later}, (replace(AGAIN, run_id="20140402T170000Z"),))
