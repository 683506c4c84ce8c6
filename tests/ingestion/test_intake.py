"""Intake: what comes in, what stays, and that a killed intake is completed by the next."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.archive import archived_path
from ingestion.intake import Intake, Left, LeftBecause, take_in
from ingestion.ledger import FileStatus, Ledger, ReadOutcome, ReceivedFile

NIGHT = datetime(2014, 3, 31, 17, tzinfo=UTC)
SENT = datetime(2014, 3, 30, 8, tzinfo=UTC)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


@pytest.fixture
def intake(inbox: Path, archive: Path, ledger: Ledger) -> TakesIn:
    return TakesIn(inbox, archive, ledger)


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


def test_files_are_received_in_order_of_modification_and_name(intake: TakesIn) -> None:
    put(intake.inbox, "b.csv", b"2")
    put(intake.inbox, "a.csv", b"1")
    put(intake.inbox, "z.csv", b"0", sent=SENT - timedelta(days=1))
    intake()
    files = intake.ledger.batch_files("n1-001")
    assert [(file.file_name, file.received_at - NIGHT) for file in files] == [
        ("z.csv", timedelta(0)),
        ("a.csv", timedelta(microseconds=1)),
        ("b.csv", timedelta(microseconds=2)),
    ]


def test_what_comes_later_is_received_later_even_when_a_night_is_run_again_with_an_old_date(intake: TakesIn) -> None:
    put(intake.inbox, "a.csv", b"1")
    intake(now=NIGHT)
    put(intake.inbox, "b.csv", b"2", sent=SENT - timedelta(days=9))
    intake(now=NIGHT - timedelta(days=1))
    first, second = intake.ledger.pending_files()
    assert (first.file_name, second.file_name) == ("a.csv", "b.csv")
    assert second.received_at == NIGHT + timedelta(microseconds=1)


def test_batches_are_no_larger_than_asked_for(intake: TakesIn) -> None:
    for number in range(5):
        put(intake.inbox, f"{number}.csv", b"%d" % number)
    assert intake(batch_size=2) == nothing(received=5, batches=("n1-001", "n1-002", "n1-003"))
    assert [len(intake.ledger.batch_files(f"n1-00{number}")) for number in (1, 2, 3)] == [2, 2, 1]


def test_files_of_a_night_that_was_killed_before_reading_are_read_in_the_next(intake: TakesIn) -> None:
    put(intake.inbox, "a.csv", b"1")
    intake("n1")
    put(intake.inbox, "b.csv", b"2")
    assert intake("n2", NIGHT + timedelta(days=1)) == nothing(received=1, batches=("n2-001",))
    assert [file.file_name for file in intake.ledger.batch_files("n2-001")] == ["a.csv", "b.csv"]


def test_second_night_takes_in_nothing_new(intake: TakesIn) -> None:
    put(intake.inbox, "a.csv", b"1")
    intake.read(*intake().batches)
    assert intake("n2") == nothing()


def test_same_bytes_twice_are_one_file_with_two_names(intake: TakesIn) -> None:
    put(intake.inbox, "青石镇/a.csv", b"same")
    put(intake.inbox, "白水镇/b.csv", b"same", sent=SENT + timedelta(hours=1))
    assert intake() == nothing(received=1, duplicates=1, batches=("n1-001",))
    assert account(intake.ledger) == [
        (sha256(b"same"), "青石镇/a.csv", FileStatus.PENDING, "n1-001", ("白水镇/b.csv",))
    ]
    assert [path for path in intake.inbox.rglob("*") if path.is_file()] == []


def test_same_bytes_under_another_name_later_have_the_file_read_again(intake: TakesIn) -> None:
    put(intake.inbox, "青石镇/a.csv", b"same")
    intake.read(*intake().batches)
    put(intake.inbox, "白水镇/b.csv", b"same")
    assert intake("n2") == nothing(duplicates=1, again=1, batches=("n2-001",))
    (file,) = intake.ledger.batch_files("n2-001")
    assert (file.file_name, file.other_names, file.run_id) == ("青石镇/a.csv", ("白水镇/b.csv",), "n1")
    intake.read("n2-001")
    assert intake("n3") == nothing()


def test_same_file_sent_again_is_counted_and_not_read_again(intake: TakesIn) -> None:
    put(intake.inbox, "a.csv", b"same")
    intake.read(*intake().batches)
    put(intake.inbox, "a.csv", b"same", sent=SENT + timedelta(days=30))
    assert intake("n2") == nothing(duplicates=1)


def test_bytes_refused_for_their_name_are_read_once_they_come_under_a_good_one(intake: TakesIn) -> None:
    put(intake.inbox, "报表.xlsx.bak", b"same")
    intake("n1")
    put(intake.inbox, "报表.xlsx", b"same")
    assert intake("n2") == nothing(received=1, batches=("n2-001",))
    (file,) = intake.ledger.batch_files("n2-001")
    assert (file.file_name, file.status, file.reason) == ("报表.xlsx", FileStatus.PENDING, None)
    assert file.other_names == ("报表.xlsx.bak",)


def test_correction_under_the_same_name_is_another_file(intake: TakesIn) -> None:
    put(intake.inbox, "a.csv", b"first")
    intake("n1")
    put(intake.inbox, "a.csv", b"second")
    assert intake("n2").received == 1
    assert [file.sha256 for file in intake.ledger.pending_files()] == [sha256(b"first"), sha256(b"second")]


def test_archived_file_that_was_damaged_is_put_right_when_its_bytes_come_again(intake: TakesIn) -> None:
    put(intake.inbox, "a.csv", b"whole")
    intake("n1")
    kept = archived_path(intake.archive, sha256(b"whole"))
    kept.chmod(0o640)
    kept.write_bytes(b"who")
    put(intake.inbox, "b.csv", b"whole")
    intake("n2")
    assert kept.read_bytes() == b"whole"


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


# The child is killed at the first, second, third … event that Python's audit hooks see in an intake (a file opened,
# renamed, removed; the ledger opened), until one comes through. Each time the intake that follows it completes it.
KILLED = """
import json, os, signal, sys
from datetime import datetime, timezone
from pathlib import Path
from ingestion.intake import take_in
from ingestion.ledger import Ledger

home, kill_at = Path(sys.argv[1]), None
seen = 0

def watch(event, arguments):
    global seen
    if kill_at is not None and event in ("open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect"):
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

def intake(home):
    now = datetime(2014, 3, 31, 17, tzinfo=timezone.utc)
    with Ledger.open(f"sqlite:///{home}/ledger.db") as ledger:
        took_in = take_in(home / "inbox", home / "archive", ledger, run_id="n1", now=now, quiet_seconds=0)
        pending = ledger.pending_files()
    files = [[file.sha256, file.file_name, file.status, file.batch, file.other_names] for file in pending]
    archived = sorted(str(path.relative_to(home)) for path in (home / "archive").rglob("*") if path.is_file())
    left = sorted(str(path.relative_to(home)) for path in (home / "inbox").rglob("*") if path.is_file())
    return json.dumps([str(took_in), sorted(files), archived, left])

def child(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])

def killed():
    global kill_at
    kill_at = point
    intake(here)

sys.addaudithook(watch)
accounts, point = {}, 0
while True:
    point += 1
    here = home / str(point)
    (here / "inbox" / "镇").mkdir(parents=True)
    for second, (name, text) in enumerate({"镇/0.csv": "0", "镇/1.csv": "1", "镇/2.csv": "2", "same.csv": "0"}.items()):
        path = here / "inbox" / name
        path.write_text(text)
        os.utime(path, (1e9 + second, 1e9 + second))
    was_killed = child(killed)
    child(lambda: (here / "account").write_text(intake(here)))
    accounts.setdefault((here / "account").read_text(), []).append(point)
    if not was_killed:
        break
print(json.dumps({"points": point, "accounts": list(accounts)}))
"""


def test_intake_killed_at_any_step_is_completed_by_the_next(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED, tmp_path], capture_output=True, text=True, check=True)
    result = json.loads(ran.stdout)
    assert result["points"] > 20
    (only_account,) = result["accounts"]
    took_in, files, archived, left = json.loads(only_account)
    assert took_in == str(nothing(received=3, duplicates=1, batches=("n1-001",)))
    assert files == sorted(
        [sha256(b"%d" % number), f"镇/{number}.csv", "pending", "n1-001", ["same.csv"] if number == 0 else []]
        for number in range(3)
    )
    shas = [sha256(b"%d" % number) for number in range(3)]
    assert archived == ["archive/.lock", *sorted(f"archive/{sha[:2]}/{sha}" for sha in shas), "archive/receipts.jsonl"]
    assert left == []


def test_second_intake_waits_for_the_first(intake: TakesIn, tmp_path: Path) -> None:
    holding = textwrap.dedent("""
        import sys
        from pathlib import Path
        from ingestion.archive import only_intake
        with only_intake(Path(sys.argv[1])):
            print(flush=True)
            sys.stdin.read()
    """)
    put(intake.inbox, "a.csv", b"1")
    first = [sys.executable, "-c", holding, intake.archive]
    with subprocess.Popen(first, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        second = subprocess.Popen(
            [sys.executable, "-c", KILLED.split("def child")[0] + "print(intake(home))", tmp_path],
            stdout=subprocess.PIPE,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=2)
        holder.kill()
    assert second.communicate(timeout=60)[0].startswith(b'["Intake(received=1,')
