"""Intake: what comes in, what stays, and under which name."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.archive import archived_path
from ingestion.intake import Intake, Left, LeftBecause, take_in
from ingestion.ledger_records import FileStatus, ReceivedFile
from tests.ingestion.taking_in import NIGHT, SENT, TakesIn, account, nothing, put, sha256


def test_file_moves_from_the_inbox_into_archive_and_ledger(intake: TakesIn) -> None:
    content = b"PK\x03\x04 a workbook"
    path = put(intake.inbox, "云溪县/青石镇/一季度/运转经费.XLSX", content)
    assert intake() == nothing(received=1, batches=("n1-001",))
    assert not path.exists()
    kept = archived_path(intake.archive, sha256(content))
    assert kept.read_bytes() == content
    assert kept.relative_to(intake.archive).parts == (sha256(content)[:2], sha256(content))
    assert intake.ledger.batch_files("n1-001") == (
        ReceivedFile(
            sha256=sha256(content),
            file_name="云溪县/青石镇/一季度/运转经费.XLSX",
            suffix=".xlsx",
            size_bytes=len(content),
            modified_at=SENT,
            received_at=NIGHT,
            run_id="n1",
            batch="n1-001",
        ),
    )


def test_folders_of_the_inbox_stay(intake: TakesIn) -> None:
    path = put(intake.inbox, "云溪县/青石镇/a.csv", b"a")
    intake()
    assert path.parent.is_dir()
    assert list(path.parent.iterdir()) == []


def test_inbox_that_is_missing_is_made(intake: TakesIn) -> None:
    assert intake() == nothing()
    assert intake.inbox.is_dir()


def test_archive_cannot_be_written_by_accident(intake: TakesIn) -> None:
    put(intake.inbox, "a.csv", b"a")
    intake()
    kept = archived_path(intake.archive, sha256(b"a"))
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (kept, kept.parent, intake.archive)]
    assert [oct(mode) for mode in modes] == ["0o400", "0o700", "0o700"]


def test_archive_does_not_change_with_a_file_that_is_still_open_elsewhere(intake: TakesIn) -> None:
    path = put(intake.inbox, "a.csv", b"as sent")
    with path.open("r+b") as still_open:
        intake()
        still_open.write(b"changed")
        still_open.flush()
    assert archived_path(intake.archive, sha256(b"as sent")).read_bytes() == b"as sent"


@pytest.mark.parametrize(
    "name", ["a.xlsx", "a.xlsm", "a.xls", "a.XLSB", "a.ods", "a.et", "a.csv", "a.b.csv", "a.xls .", "ａ．ｘｌｓ"]
)
def test_kinds_that_are_read(intake: TakesIn, name: str) -> None:
    put(intake.inbox, name, b"content")
    assert intake() == nothing(received=1, batches=("n1-001",))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("材料.docx", "不收“.docx”文件，请另存为"),
        ("材料.zip", "压缩包（.zip），请解压后放入"),
        ("材料", "文件名没有后缀，看不出类型，请另存为"),
        (".csv", "文件名没有后缀，看不出类型，请另存为"),
    ],
)
def test_other_kinds_are_kept_and_refused_with_the_reason(intake: TakesIn, name: str, reason: str) -> None:
    put(intake.inbox, f"青石镇/{name}", b"content")
    assert intake() == nothing(rejected=1)
    file = intake.ledger.files([sha256(b"content")])[sha256(b"content")]
    assert (file.status, file.batch, file.file_name) == (FileStatus.REJECTED, None, f"青石镇/{name}")
    assert file.reason is not None
    assert file.reason.startswith(reason)
    assert " · " in file.reason
    assert archived_path(intake.archive, file.sha256).read_bytes() == b"content"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("~$报表.xlsx", LeftBecause.EDITOR_FILE),
        (".~报表.xlsx", LeftBecause.EDITOR_FILE),
        (".~lock.报表.xlsx#", LeftBecause.EDITOR_FILE),
        ("~WRL0001.tmp", LeftBecause.EDITOR_FILE),
        ("报表.xlsx~", LeftBecause.EDITOR_FILE),
        (".DS_Store", LeftBecause.SYSTEM_FILE),
        ("._报表.xlsx", LeftBecause.SYSTEM_FILE),
        ("Thumbs.db", LeftBecause.SYSTEM_FILE),
        ("desktop.ini", LeftBecause.SYSTEM_FILE),
    ],
)
def test_scratch_and_system_files_stay_and_are_named(intake: TakesIn, name: str, reason: LeftBecause) -> None:
    path = put(intake.inbox, f"青石镇/{name}", b"x")
    assert intake() == Intake(0, 0, 0, 0, 1, 0, (), (Left(f"青石镇/{name}", reason),))
    assert path.exists()


def test_system_folders_are_not_looked_into(intake: TakesIn) -> None:
    put(intake.inbox, "__MACOSX/青石镇/报表.xlsx", b"x")
    assert intake() == Intake(0, 0, 0, 0, 1, 0, (), (Left("__MACOSX", LeftBecause.SYSTEM_FILE),))


@pytest.mark.parametrize("name", ["报表.xlsx.part", "报表.xlsx.crdownload", "报表.tmp"])
def test_unfinished_transfer_waits(intake: TakesIn, name: str) -> None:
    put(intake.inbox, name, b"x")
    assert intake() == Intake(0, 0, 1, 0, 0, 0, (), (Left(name, LeftBecause.UNFINISHED_TRANSFER),))


def test_file_written_a_moment_ago_waits_for_the_next_night(intake: TakesIn) -> None:
    path = put(intake.inbox, "a.csv", b"half", sent=datetime.now(tz=UTC))
    assert intake(quiet_seconds=600) == Intake(0, 0, 1, 0, 0, 0, (), (Left("a.csv", LeftBecause.STILL_WRITING),))
    os.utime(path, (SENT.timestamp(), SENT.timestamp()))
    assert intake("n2", quiet_seconds=600) == nothing(received=1, batches=("n2-001",))


def test_file_from_a_clock_that_runs_ahead_does_not_wait_until_then(intake: TakesIn) -> None:
    put(intake.inbox, "a.csv", b"x", sent=datetime(2150, 1, 1, tzinfo=UTC))
    time.sleep(0.02)
    assert intake(quiet_seconds=0.01) == nothing(received=1, batches=("n1-001",))


def test_file_from_a_clock_that_runs_ahead_does_not_count_as_later_than_its_correction(intake: TakesIn) -> None:
    put(intake.inbox, "b.csv", b"first", sent=datetime(2150, 1, 1, tzinfo=UTC))
    time.sleep(0.02)
    put(intake.inbox, "a.csv", b"corrected", sent=datetime.now(tz=UTC))
    intake(quiet_seconds=0)
    files = sorted(intake.ledger.pending_files(), key=lambda file: file.received_at)
    assert [file.file_name for file in files] == ["b.csv", "a.csv"]
    assert files[0].modified_at <= files[1].modified_at


def test_file_that_changes_while_it_is_copied_waits(intake: TakesIn) -> None:
    """A writer that appends through the whole intake: each copy sees other bytes than were found."""
    path = put(intake.inbox, "a.csv", b"x" * (64 << 20))
    appending = textwrap.dedent("""
        import sys, time
        with open(sys.argv[1], "ab", buffering=0) as file:
            print(flush=True)
            while True:
                file.write(b"x")
    """)
    with subprocess.Popen([sys.executable, "-c", appending, path], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        try:
            result = intake(quiet_seconds=0)
        finally:
            writer.kill()
    assert result == Intake(0, 0, 1, 0, 0, 0, (), (Left("a.csv", LeftBecause.STILL_WRITING),))
    assert path.exists()


def test_links_are_never_followed(intake: TakesIn, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "secret.csv", b"secret")
    intake.inbox.mkdir()
    (intake.inbox / "file.csv").symlink_to(outside)
    (intake.inbox / "folder").symlink_to(outside.parent, target_is_directory=True)
    (intake.inbox / "loop").symlink_to(intake.inbox, target_is_directory=True)
    (intake.inbox / "dangling.csv").symlink_to("nowhere")
    names = ("dangling.csv", "file.csv", "folder", "loop")
    assert intake() == Intake(0, 0, 0, 0, 4, 0, (), tuple(Left(name, LeftBecause.LINK) for name in names))
    assert outside.exists()
    assert account(intake.ledger) == []


def test_pipes_and_sockets_are_left_alone(intake: TakesIn, monkeypatch: pytest.MonkeyPatch) -> None:
    intake.inbox.mkdir()
    os.mkfifo(intake.inbox / "pipe.csv")
    monkeypatch.chdir(intake.inbox)  # a socket's address is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.csv")
        result = intake()
    assert result.left == (Left("pipe.csv", LeftBecause.NOT_A_FILE), Left("socket.csv", LeftBecause.NOT_A_FILE))


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("..csv", "..csv"),
        ("...../a..b.csv", "...../a..b.csv"),
        ("a\nb\t.csv", "a␊b␉.csv"),
        ("\u202egpj\u200b.csv", "gpj.csv"),
        ("\u200b/a.csv", "�/a.csv"),
        ("a\u2028\u0085.csv", "a��.csv"),
        ("a\\..\\b.csv", "a\\..\\b.csv"),
        ("=cmd|' '!A1.csv", "=cmd|' '!A1.csv"),
        ("%s{x}'\"; drop table.csv", "%s{x}'\"; drop table.csv"),
        ("青石镇/报表.csv".encode("gb18030"), "青石镇/报表.csv"),
        (b"\xff\xff.csv", "��.csv"),
        ("村" * 83 + "a.csv", "村" * 83 + "a.csv"),  # 254 bytes
    ],
)
def test_odd_names_become_harmless_texts(intake: TakesIn, name: str | bytes, stored: str) -> None:
    put(intake.inbox, name, b"content")
    assert intake() == nothing(received=1, batches=("n1-001",))
    assert account(intake.ledger) == [(sha256(b"content"), stored, FileStatus.PENDING, "n1-001", ())]
    assert [path for path in intake.inbox.rglob("*") if path.is_file()] == []


def test_inbox_on_another_file_system(intake: TakesIn, tmp_path: Path) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    intake.inbox = elsewhere / f"jiceng-inbox-{os.getpid()}"
    try:
        path = put(intake.inbox, "a.csv", b"far")
        assert intake() == nothing(received=1, batches=("n1-001",))
        assert not path.exists()
        assert archived_path(intake.archive, sha256(b"far")).read_bytes() == b"far"
    finally:
        subprocess.run(["rm", "-r", intake.inbox], check=True)


def test_thousand_files_take_a_few_moments(intake: TakesIn) -> None:
    for number in range(1000):
        put(intake.inbox, f"{number % 20}镇/{number}.csv", b"%d" % number * 10_000)
    done: list[tuple[int, int]] = []
    took_in = take_in(
        intake.inbox, intake.archive, intake.ledger, run_id="n1", now=NIGHT, progress=lambda *step: done.append(step)
    )
    assert took_in == nothing(received=1000, batches=tuple(f"n1-00{number}" for number in range(1, 6)))
    assert done == [(number * 100, 1000) for number in range(1, 11)]
