"""Going back to versions that served before, and which of them are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.publishing import names, publish_night, serving
from warehouse.snapshot import SnapshotError, current, prune, rollback


def test_rollback_goes_back_a_version_each_time_and_the_next_night_goes_forward(published: Path) -> None:
    for night in (1, 2, 3):
        publish_night(published, night)
    assert rollback(published) == published / "marts_night2.duckdb"
    assert serving(published) == 2
    assert rollback(published) == published / "marts_night1.duckdb"
    assert serving(published) == 1
    with pytest.raises(SnapshotError, match=r"marts_night1\.duckdb 之前没有可回退的版本"):
        rollback(published)
    assert serving(published) == 1
    publish_night(published, 4)
    assert serving(published) == 4


def test_rollback_does_not_return_to_what_was_taken_back(published: Path) -> None:
    publish_night(published, 1)
    publish_night(published, 2)
    rollback(published)
    publish_night(published, 3)
    assert rollback(published) == published / "marts_night1.duckdb"


def test_publishing_a_night_again_takes_its_place(published: Path) -> None:
    publish_night(published, 1)
    publish_night(published, 2)
    assert (
        publish_night(published, 2) == published / "marts_night2.2.duckdb"
    )  # never under a name that is open somewhere
    assert publish_night(published, 2).exists()
    assert serving(published) == 2
    assert rollback(published) == published / "marts_night1.duckdb"


def test_older_night_run_again_after_a_newer_one_serves_and_can_be_taken_back(published: Path) -> None:
    for night in (1, 2, 1):
        publish_night(published, night)
    assert serving(published) == 1
    rollback(published)
    assert serving(published) == 2
    rollback(published)
    assert serving(published) == 1


def test_versions_that_served_last_are_kept_and_older_ones_deleted(published: Path) -> None:
    for night in range(1, 6):
        publish_night(published, night, keep=3)
    assert names(published) == ["marts_night3.duckdb", "marts_night4.duckdb", "marts_night5.duckdb"]


def test_prune_keeps_the_current_version_the_one_before_it_and_what_was_taken_back(published: Path) -> None:
    for night in range(1, 6):
        publish_night(published, night)
    rollback(published)
    rollback(published)
    assert [path.name for path in prune(published, keep=1)] == ["marts_night1.duckdb"]
    assert names(published) == [f"marts_night{night}.duckdb" for night in (2, 3, 4, 5)]
    assert serving(published) == 3
    rollback(published)
    assert serving(published) == 2


def test_prune_leaves_files_that_are_no_versions(published: Path) -> None:
    for night in range(1, 4):
        publish_night(published, night)
    (published / "notes.txt").write_text("keep")
    prune(published, keep=1)
    assert names(published) == ["marts_night2.duckdb", "marts_night3.duckdb", "notes.txt"]


def test_damaged_version_is_replaced_by_the_next_night_or_taken_back(published: Path) -> None:
    publish_night(published, 1)
    damaged = publish_night(published, 2)
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:5000])
    assert rollback(published) == published / "marts_night1.duckdb"
    assert serving(published) == 1
    publish_night(published, 3)
    assert serving(published) == 3


def test_lost_link_is_made_again_and_no_version_is_lost(published: Path) -> None:
    publish_night(published, 1)
    publish_night(published, 2)
    (published / "marts_current.duckdb").unlink()
    assert current(published) is None
    publish_night(published, 3)
    assert rollback(published) == published / "marts_night2.duckdb"
