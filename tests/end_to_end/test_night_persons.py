"""A whole night over workbooks with persons in every place: the archive alone has them, as they came."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from delivery.alerts import send
from delivery.messages import night_blocked
from ingestion.ledger_records import NightState
from ingestion.receipts import FILE as RECEIPTS
from samples.city import SampleWriter
from tests.delivery.mail_server import taking_mails
from tests.end_to_end.conftest import MONTHS, TOWNSHIPS, House
from tests.end_to_end.persons import SAVED_AT, Leaks, Persons, planted

TELLING = (("status",), ("audit",), ("query", "--csv", "from finding"))


def test_person_is_nowhere_but_in_the_archive(house: House, small_inbox: Path) -> None:
    house.put(small_inbox)
    persons = Persons()
    sent = send_persons(house.settings.inbox, persons)
    leaks = Leaks(persons)
    done = house.jiceng("run")
    assert done.returncode == 0, done.stderr
    (night,) = house.nights()
    assert night.state is NightState.PUBLISHED

    told = {"run": done.stdout + done.stderr, "ledger": repr(night)}
    for command in TELLING:
        answer = house.jiceng(*command)
        assert answer.returncode == 0, (command, answer.stderr)
        told[" ".join(command)] = answer.stdout + answer.stderr
    told["check"] = house.jiceng("check", *map(str, sent)).stdout
    with taking_mails() as server:
        address = f"mailto://127.0.0.1:{server.port}/?from=jiceng@example.org&to=data@example.org"
        send(night_blocked(house.settings.build_database, run_id=night.run_id), [address])
    told["mail"] = "".join(f"{mail['Subject']}\n{mail.get_content()}" for mail in server.mails)
    assert "去哪里看" in told["mail"]

    assert {place: found for place, text in told.items() if (found := leaks.in_text(text))} == {}
    assert {place: found for place, found in kept(house, leaks) if found} == {}
    marts = house.marts()
    codes = {row[marts["finding"][0].index("code")] for row in marts["finding"][1:]}
    assert {"cell_personal", "column_personal"} <= codes
    file_name, rows = (marts["return_file"][0].index(column) for column in ("file_name", "landed_rows"))
    landed = {
        str(row[file_name]).rpartition(".")[2]
        for row in marts["return_file"][1:]
        if "*" in str(row[file_name]) and row[rows]
    }
    assert landed == {"xlsx", "xls", "csv"}  # what was planted was not just refused
    archived = [path.read_bytes() for path in house.settings.archive.rglob("*") if path.is_file()]
    assert any(map(leaks.in_bytes, archived))


def send_persons(inbox: Path, persons: Persons) -> list[Path]:
    """July's workbooks of each township with persons in them: as xlsx, xls and CSV files, and what is no workbook."""
    sample = SampleWriter(2014)
    first = next(sample.jobs())[1]
    sent = []
    for township, suffixes in zip(sample.truth.places.townships[:TOWNSHIPS], (("xlsx", "csv"), ("xls",)), strict=True):
        folder = f"{township.county_name}/{township.name}"
        for month, suffix in enumerate(suffixes, first + MONTHS):
            for workbook in sample.workbooks(township, month):
                sent += [write(inbox / path, content) for path, content in planted(workbook, folder, suffix, persons)]
    sent.append(write(inbox / folder / f"{persons.text()}.xlsx", b"PK\x03\x04"))
    sent.append(write(inbox / f"{township.county_name}{persons.text()}" / "名单.docx", persons.text().encode()))
    write(inbox / folder / f"~${persons.text()}.xlsx", b"")
    return sent


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (SAVED_AT.timestamp(), SAVED_AT.timestamp()))
    return path


def kept(house: House, leaks: Leaks) -> Iterator[tuple[str, list[str]]]:
    """Where in the data folder a person is found, archive and inbox apart."""
    settings = house.settings
    for path in sorted(settings.data_dir.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.is_relative_to(settings.inbox):
            continue
        name = path.relative_to(settings.data_dir).as_posix()
        yield f"name of {name}", leaks.in_text(name)
        if path.is_relative_to(settings.archive) and path.name != RECEIPTS:
            continue
        yield name, leaks.in_bytes(path.read_bytes())
        if path.suffix == ".parquet":
            yield name, leaks.in_rows(zip(*[c.to_pylist() for c in pq.read_table(path).columns], strict=True))
        elif path.suffix == ".duckdb":
            with duckdb.connect(path, read_only=True) as database:
                for schema, table in database.execute("select schema_name, table_name from duckdb_tables()").fetchall():
                    yield f"{name} {table}", leaks.in_rows(database.table(f'"{schema}"."{table}"').fetchall())
        elif path.suffix in (".log", ".json", ".jsonl", ".txt", ""):
            yield name, leaks.in_text(path.read_text(encoding="utf-8", errors="replace"))
    with sqlite3.connect(settings.data_dir / "ledger.db") as ledger:
        for (table,) in ledger.execute("select name from sqlite_master where type = 'table'").fetchall():
            yield f"ledger {table}", leaks.in_rows(ledger.execute(f"select * from {table}"))
