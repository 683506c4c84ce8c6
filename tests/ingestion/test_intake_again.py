"""Intake night after night: the order of arrival, batches, the same bytes again, corrections."""

from __future__ import annotations

from datetime import timedelta

from ingestion.archive import archived_path
from ingestion.ledger_records import FileStatus
from tests.ingestion.taking_in import NIGHT, SENT, TakesIn, account, nothing, put, sha256


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
