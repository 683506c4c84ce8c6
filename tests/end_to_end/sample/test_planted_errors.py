"""The errors planted in the sample are found, each at its cell, and no others are."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING

import duckdb

from ingestion.findings import catalogue
from samples.planting import Planted

if TYPE_CHECKING:
    from tests.end_to_end.sample.conftest import SampleNight

Place = tuple[str, str | None, str | None, str]


def places(planted: list[Planted]) -> Counter[Place]:
    return Counter((p.file_name, p.sheet_name, p.cell, p.code) for p in planted)


def findings(night: SampleNight) -> list[tuple[object, ...]]:
    """Every finding of the batch that counts for its file."""
    lake = night.settings.lake
    with duckdb.connect() as connection:
        return connection.execute(
            f"""
            select file_name, sheet_name, cell, code, severity, original, text_zh, text_en, remedy_zh, remedy_en
            from read_parquet('{lake}/findings/*.parquet')
            where (file_sha256, batch_id) in (
                select file_sha256, arg_max(batch_id, (read_at, batch_id))
                from read_parquet('{lake}/files/*.parquet') group by file_sha256
            )
            """
        ).fetchall()


def test_the_planted_errors_and_no_others_are_found(night_read: SampleNight) -> None:
    found = Counter(row[:4] for row in findings(night_read))
    planted = places([p for p in night_read.sample.planted if p.kind == "reading"])
    assert (planted - found, found - planted) == (Counter(), Counter())


def test_every_finding_is_worded_in_both_languages(night_read: SampleNight) -> None:
    for *_, code, severity, _, text_zh, text_en, remedy_zh, remedy_en in findings(night_read):
        assert severity == catalogue()[str(code)].severity
        assert all((text_zh, text_en, remedy_zh, remedy_en)), code
        assert not any("{" in str(text) for text in (text_zh, text_en, remedy_zh, remedy_en)), code


def test_what_is_no_return_waits_in_the_archive_with_a_reason(night_read: SampleNight) -> None:
    planted = {p.file_name for p in night_read.sample.planted if p.kind == "intake"}
    with sqlite3.connect(night_read.settings.data_dir / "ledger.db") as connection:
        refused = dict(
            connection.execute("select file_name, reason from received_file where status = 'rejected'").fetchall()
        )
    assert planted <= set(refused)
    assert all(refused[name] for name in planted)


def test_nothing_is_lost_between_workbooks_and_lake(night_read: SampleNight) -> None:
    """Every file of the inbox has a row in the ledger, and every file that was read one in the lake."""
    with duckdb.connect() as connection:
        landed = connection.execute(
            f"select count(distinct file_sha256) from read_parquet('{night_read.settings.lake}/files/*.parquet')"
        ).fetchone()
    copies = [p for p in night_read.sample.planted if p.code == "same_file_elsewhere"]
    unread = [p for p in night_read.sample.planted if p.kind == "intake"]
    assert landed == (len(night_read.sample.files) - len(copies) - len(unread),)
    assert not [path for path in night_read.settings.inbox.rglob("*") if path.is_file()]


def test_wrong_rows_of_a_register_are_found(night_read: SampleNight) -> None:
    path = night_read.settings.register / "findings.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select coalesce(file_name, ''), sheet_name, cell, code from read_parquet('{path}')"
        ).fetchall()
    assert Counter(rows) == places([p for p in night_read.sample.planted if p.kind == "register"])


def test_wrong_contents_are_named_by_their_check_and_no_other_row_is(night_checked: SampleNight) -> None:
    planted = [p for p in night_checked.sample.planted if p.kind == "check"]
    with duckdb.connect(str(night_checked.settings.build_database), read_only=True) as connection:
        failures = connection.execute(
            "select form, period, branch_code, check_id, file_name, sheet_name, cell from quality.check_failure"
        ).fetchall()
    wanted = {(p.form, p.period, p.branch_code, p.code, p.file_name, p.sheet_name, p.cell) for p in planted}
    assert wanted - set(failures) == set()
    # A wrong figure may offend a second rule too; a row that nothing was planted in offends none.
    about = {(p.form, p.period, p.branch_code) for p in planted}
    assert [failure for failure in failures if failure[:3] not in about] == []
