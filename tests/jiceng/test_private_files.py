"""The data folder is closed to others, and what is published open to a group."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.ledger import Ledger
from jiceng.one_night import one_step
from jiceng.private_files import keep_private


@pytest.fixture(autouse=True)
def umask_again() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_new_data_folder_lets_a_group_through_to_what_is_published(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keep_private(data)
    assert {path.name: mode(path) for path in (data, data / "published")} == {"data": "0o710", "published": "0o750"}


def test_step_closes_what_was_open_and_leaves_private_files(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("lake", "archive", "inbox"):
        (data / name).mkdir(parents=True)
        (data / name).chmod(0o2777)
    with one_step(data, "20140403T013000Z"):
        (data / "ledger.db").touch()
        (data / "lake" / "raw").mkdir()
    assert {path.relative_to(data).as_posix(): mode(path) for path in sorted(data.rglob("*"))} == {
        "archive": "0o2700",
        "inbox": "0o2777",  # who opened it to senders meant it
        "lake": "0o2700",
        "lake/raw": "0o2700",
        "ledger.db": "0o600",
        "night.lock": "0o600",
        "published": "0o750",
    }


def test_rights_are_taken_away_and_never_given(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o700)
    keep_private(data)
    assert mode(data) == "0o700"


def test_ledger_is_private_whatever_the_umask_and_one_left_open_is_closed(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        ledger.begin_night("20140403T013000Z", datetime(2014, 4, 3, tzinfo=UTC))
        assert {path.name: mode(path) for path in tmp_path.iterdir()} == {
            "ledger.db": "0o600",
            "ledger.db-shm": "0o600",
            "ledger.db-wal": "0o600",
        }
    (tmp_path / "ledger.db").chmod(0o644)
    keep_private(tmp_path)
    assert mode(tmp_path / "ledger.db") == "0o600"
