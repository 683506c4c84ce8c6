"""The account of what was received adds up, and says what does not; a lost ledger comes back from the archive."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.archive import archived_path
from ingestion.audit import Account, ProblemKind, audit
from ingestion.forms import Forms
from ingestion.intake import take_in
from ingestion.landing import Landed, read_and_land
from ingestion.ledger import Ledger, LedgerError
from ingestion.ledger_rebuild import Rebuilt, rebuild_files
from ingestion.ledger_records import FileStatus, ReceivedFile
from ingestion.ledger_tables import set_aside
from ingestion.register import Register

NOW = datetime(2014, 4, 3, 1, 30, tzinfo=UTC)
ROWS = [
    ["青石镇2014年第一季度村级组织运转经费统计表"],
    ["填报单位：青石镇", "", "", "", "单位：万元"],
    ("序号", "村名", "财政转移支付", "党建工作经费", "其他补助"),
    (1, "李家村", 1.5, 0.5, "无"),
    (2, "没有的村", 1, 0.4, 0.1),
]
FUNDING, COPY, BROKEN, PACKED = "云溪县/青石镇/运转.xlsx", "云溪县/运转.xlsx", "云溪县/坏.xlsx", "云溪县/包.zip"


@dataclass
class House:
    data: Path
    forms: Forms
    register: Register

    @property
    def url(self) -> str:
        return f"sqlite:///{self.data / 'ledger.db'}"

    @property
    def archive(self) -> Path:
        return self.data / "archive"

    @property
    def lake(self) -> Path:
        return self.data / "lake"

    def put(self, name: str, content: bytes) -> None:
        path = self.data / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (1_396_000_000, 1_396_000_000))

    def take_in(self, run_id: str = "20140403T013000Z") -> None:
        with Ledger.open(self.url) as ledger:
            take_in(self.data / "inbox", self.archive, ledger, run_id=run_id, now=NOW, quiet_seconds=0)

    def read(self) -> Landed:
        with Ledger.open(self.url) as ledger:
            files = ledger.pending_files()
            landed = read_and_land(files, self.archive, self.lake, self.forms, self.register, read_at=NOW)
            if files:
                ledger.mark_landed(files[0].batch or "", landed.outcomes)
        return landed

    def audit(self) -> Account:
        with Ledger.open(self.url) as ledger:
            return audit(self.archive, self.lake, ledger)

    def problems(self) -> set[tuple[ProblemKind, str]]:
        return {(problem.kind, problem.file_name) for problem in self.audit().problems}

    def files(self) -> dict[str, ReceivedFile]:
        with Ledger.open(self.url) as ledger:
            return {file.file_name: file for file in ledger.all_files().values()}


@pytest.fixture
def house(tmp_path: Path, forms: Forms, register: Register, xlsx: Callable[..., bytes]) -> Iterator[House]:
    house = House(tmp_path, forms, register)
    content = xlsx(("运转经费", ROWS))
    house.put(FUNDING, content)
    house.put(BROKEN, content[:300])
    house.put(PACKED, b"PK not opened")
    house.take_in()
    house.read()
    house.put(COPY, content)
    house.take_in("20140404T013000Z")
    yield house


def test_what_was_received_is_landed_rejected_or_pending(house: House) -> None:
    house.put("云溪县/明天.csv", "还没有读".encode())
    house.take_in("20140405T013000Z")
    assert house.audit() == Account(
        received=4, landed=1, rejected=2, pending=1, further_names=1, rows=1, quarantined=1, problems=()
    )
    assert house.audit().is_clean


def test_damaged_and_lost_files_of_the_archive_are_named(house: House) -> None:
    files = house.files()
    archived_path(house.archive, files[FUNDING].sha256).write_bytes(b"other bytes")
    archived_path(house.archive, files[PACKED].sha256).unlink()
    assert house.problems() == {(ProblemKind.DAMAGED, FUNDING), (ProblemKind.LOST, PACKED)}
    assert not house.audit().is_clean


def test_damaged_file_is_said_not_read_and_read_when_it_comes_again(house: House, xlsx: Callable[..., bytes]) -> None:
    content = xlsx(("运转经费", [*ROWS, (3, "王家村", 1.0, 0.1, 0)]))
    house.put("云溪县/青石镇/补.xlsx", content)
    house.take_in("20140405T013000Z")
    path = archived_path(house.archive, house.files()["云溪县/青石镇/补.xlsx"].sha256)
    path.chmod(0o600)
    path.write_bytes(b"other bytes")
    landed = house.read()
    assert (landed.files, landed.damaged) == (0, ("云溪县/青石镇/补.xlsx",))
    assert house.problems() == {(ProblemKind.DAMAGED, "云溪县/青石镇/补.xlsx")}
    house.put("云溪县/青石镇/补.xlsx", content)
    house.take_in("20140406T013000Z")
    assert (house.read().damaged, house.audit().pending, house.problems()) == ((), 0, set())


def test_rebuilding_names_the_files_that_are_damaged(house: House) -> None:
    path = archived_path(house.archive, house.files()[FUNDING].sha256)
    path.chmod(0o600)
    path.write_bytes(b"other bytes")
    with Ledger.open(house.url) as ledger:
        rebuilt = rebuild_files(ledger, house.archive, house.lake)
    assert rebuilt == Rebuilt(files=3, read=2, nameless=0, damaged=(FUNDING,))


@pytest.mark.parametrize(
    "change", ["received_at = '2014-04-01 00:00:00'", "file_name = '云溪县/白水乡/运转.xlsx'", "size_bytes = 1"]
)
def test_ledger_that_was_changed_by_hand_is_said_and_made_anew(house: House, change: str) -> None:
    before = house.files()[FUNDING]
    with sqlite3.connect(house.data / "ledger.db") as ledger:
        ledger.execute(f"update received_file set {change} where file_name = ?", [FUNDING])
    assert {kind for kind, _ in house.problems()} == {ProblemKind.LEDGER_CHANGED}
    with Ledger.open(house.url) as opened:
        rebuild_files(opened, house.archive, house.lake)
    assert house.problems() == set()
    assert house.files()[FUNDING].received_at == before.received_at


def test_lake_without_a_batch_is_named(house: House) -> None:
    for path in (house.lake / "raw" / "operating_funding").glob("[!_]*.parquet"):
        path.unlink()
    assert house.problems() == {(ProblemKind.ROWS_DIFFER, FUNDING)}
    for path in (house.lake / "files").glob("[!_]*.parquet"):
        path.unlink()
    assert house.problems() == {(ProblemKind.NOT_IN_LAKE, FUNDING), (ProblemKind.NOT_IN_LAKE, BROKEN)}
    (house.lake / "files" / "x.parquet").write_bytes(b"no parquet")
    assert house.problems() == {(ProblemKind.LAKE_UNREADABLE, "")}


def test_lost_ledger_comes_back_as_it_was(house: House) -> None:
    before = house.files()
    (house.data / "ledger.db").write_bytes(b"this is not a database" * 100)
    assert set_aside(house.url) == house.data / "ledger.db.damaged"
    with Ledger.open(house.url) as ledger:
        assert rebuild_files(ledger, house.archive, house.lake) == Rebuilt(files=3, read=2, nameless=0)
    after = house.files()
    assert {name: (file.status, file.reason, file.received_at) for name, file in after.items()} == {
        name: (file.status, file.reason, file.received_at) for name, file in before.items()
    }
    assert after[FUNDING].other_names == before[FUNDING].other_names == (COPY,)
    assert (after[FUNDING].forms_version, after[FUNDING].open_register_findings) == (house.forms.version, True)
    assert house.audit().is_clean


def test_damage_within_the_ledger_is_said_with_its_cure_and_set_aside(house: House) -> None:
    with Ledger.open(house.url):
        pass  # the write-ahead log goes into the database
    ledger = house.data / "ledger.db"
    content = ledger.read_bytes()
    ledger.write_bytes(content[:4096] + b"\x55" * (len(content) - 4096))
    with Ledger.open(house.url) as opened, pytest.raises(LedgerError, match="jiceng rebuild"):
        opened.all_files()
    assert set_aside(house.url) == house.data / "ledger.db.damaged"


def test_whole_ledger_is_not_set_aside(house: House) -> None:
    assert set_aside(house.url) is None


def test_files_from_before_there_were_receipts_are_known_from_the_lake(house: House) -> None:
    (house.archive / "receipts.jsonl").unlink()
    with Ledger.open(house.url) as ledger:
        assert rebuild_files(ledger, house.archive, house.lake) == Rebuilt(files=3, read=2, nameless=3)
    assert {FUNDING, BROKEN} < set(house.files())
    assert house.audit().is_clean


def test_file_that_was_archived_but_not_entered_before_the_ledger_was_lost_gets_its_name_when_it_is_taken_in(
    house: House, xlsx: Callable[..., bytes]
) -> None:
    """An intake that was killed: the bytes are in the archive, the file still lies in the inbox."""
    content, name = xlsx(("运转经费", ROWS[:-1])), "云溪县/青石镇/中断.xlsx"
    sha256 = hashlib.sha256(content).hexdigest()
    path = archived_path(house.archive, sha256)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    house.put(name, content)
    with Ledger.open(house.url) as ledger:
        assert rebuild_files(ledger, house.archive, house.lake).nameless == 1
    assert house.files()[sha256].sha256 == sha256
    house.take_in("20140405T013000Z")
    house.read()
    file = house.files()[name]
    assert (file.sha256, file.suffix, file.status, file.other_names) == (sha256, ".xlsx", FileStatus.LANDED, ())
    assert house.audit().is_clean


def test_lake_whose_first_night_was_killed_before_it_was_laid_out_holds_nothing_and_is_not_damaged(
    house: House,
) -> None:
    for path in house.lake.rglob("*.parquet"):
        if path != house.lake / "files" / "_schema.parquet":
            path.unlink()
    with Ledger.open(house.url) as ledger:
        assert rebuild_files(ledger, house.archive, house.lake) == Rebuilt(files=3, read=0, nameless=0)
    assert house.audit().is_clean
