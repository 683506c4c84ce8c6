"""Publishing real DuckDB files: what a version holds, and what is not published."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.publishing import build, names, publish_night, serving
from warehouse.snapshot import SnapshotError, connect, current, place_of, prune, publish, rollback

MOMENT = datetime(2014, 12, 31, 17, 0, tzinfo=UTC)


def test_version_holds_marts_reference_data_and_checks_and_nothing_else(tmp_path: Path, published: Path) -> None:
    version = publish(build(tmp_path / "b.duckdb", 1), published, run_id="20141231T170000Z")
    assert version == published / "marts_20141231T170000Z.duckdb"
    with duckdb.connect(published / "marts_current.duckdb", read_only=True) as reader:
        tables = reader.execute("select table_name from duckdb_tables() order by 1").fetchall()
        rows = reader.execute("select branch_code, fiscal_transfer_yuan from funding_standard_gap").fetchall()
    assert [name for (name,) in tables] == [
        "area", "branch", "check_failure", "check_result", "column_label", "finding", "funding_standard_gap",
        "mart_form", "snapshot_info", "weak_types",
    ]  # fmt: skip
    assert rows == [("219801100200", None), ("219801100201", 80000)]  # in the same order every time


def test_night_without_check_tables_can_be_published(tmp_path: Path, published: Path) -> None:
    publish(build(tmp_path / "b.duckdb", 1, checked=False), published, run_id="n1")
    with connect(published) as reader:
        assert reader.execute("select table_name from duckdb_tables() where table_name like 'check%'").fetchall() == []


@pytest.mark.parametrize(("has_return", "refused"), [(False, True), (True, False)])
def test_marts_that_hold_returns_are_not_replaced_by_marts_that_hold_none(
    has_return: bool, refused: bool, tmp_path: Path, published: Path
) -> None:
    database = build(tmp_path / "b.duckdb", 1)
    with duckdb.connect(str(database)) as built:
        built.execute("create table marts.water_gap as select 'a' as branch_code, true as has_return")
    first = publish(database, published, run_id="n1")
    with duckdb.connect(str(database)) as built:
        built.execute(f"update marts.water_gap set has_return = {has_return}")
    if refused:
        with pytest.raises(SnapshotError, match="不能替换有数据的"):
            publish(database, published, run_id="n2")
    else:
        assert publish(database, published, run_id="n2") != first
    assert (current(published) == first) is refused


def test_marts_as_known_on_a_day_lie_beside_what_serves(tmp_path: Path, published: Path) -> None:
    database = build(tmp_path / "b.duckdb", 1)
    live = publish(database, published, run_id="n1")
    then = publish(database, place_of(published, date(2014, 6, 30)), run_id="n2", as_of=date(2014, 6, 30))
    assert then == published / "as_of" / "2014-06-30" / "marts_n2.duckdb"
    assert current(published) == live
    assert place_of(published, None) == published


def test_version_says_which_night_it_is(tmp_path: Path, published: Path) -> None:
    database = build(tmp_path / "b.duckdb", 1)
    publish(database, published, run_id="n1", published_at=MOMENT, as_of=date(2014, 6, 30))
    publish(database, published, run_id="n2", published_at=MOMENT)
    with connect(published) as reader:
        assert reader.execute("select run_id, published_at, as_of, previous from snapshot_info").fetchall() == [
            ("n2", MOMENT, None, "marts_n1.duckdb")
        ]
    rollback(published)
    with connect(published) as reader:
        assert reader.execute("select run_id, as_of, previous from snapshot_info").fetchall() == [
            ("n1", date(2014, 6, 30), None)
        ]


def test_folder_may_be_moved(tmp_path: Path, published: Path) -> None:
    publish_night(published, 1)
    publish_night(published, 2)
    moved = published.rename(tmp_path / "elsewhere")
    assert serving(moved) == 2
    rollback(moved)
    assert serving(moved) == 1


def test_nothing_published_yet_is_said_in_both_languages(published: Path) -> None:
    assert current(published) is None
    with pytest.raises(SnapshotError, match=r"还没有发布过数据.*nothing has been published yet"):
        connect(published)
    with pytest.raises(SnapshotError, match=r"还没有发布过数据.*nothing has been published yet"):
        rollback(published)
    assert prune(published, keep=1) == []


def test_build_that_cannot_be_published_leaves_what_serves(tmp_path: Path, published: Path) -> None:
    publish_night(published, 1)
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(empty).close()
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"x" * 5000)
    for database, reason in (
        (tmp_path / "absent.duckdb", "build first: absent.duckdb"),
        (empty, "the build holds no marts"),
        (broken, "not a valid DuckDB database"),
    ):
        with pytest.raises(SnapshotError, match=reason):
            publish(database, published, run_id="n2")
        assert serving(published) == 1
        assert names(published) == ["marts_night1.duckdb"]


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SnapshotError, match=r"cannot be written: .*Not a directory"):
        publish(build(tmp_path / "b.duckdb", 1), tmp_path / "file" / "published", run_id="n1")


@pytest.mark.parametrize("run_id", ["", "../n1", "a/b", "a.b", "运行", "-n"])
def test_run_id_never_becomes_a_path(tmp_path: Path, published: Path, run_id: str) -> None:
    with pytest.raises(SnapshotError, match="cannot name a file"):
        publish(build(tmp_path / "b.duckdb", 1), published, run_id=run_id)


def test_build_that_another_night_made_since_is_not_published_as_this_one(tmp_path: Path, published: Path) -> None:
    database = build(tmp_path / "b.duckdb", 1, checked=False)
    with duckdb.connect(database) as written:
        written.execute("create schema quality; create table quality.check_result as select 'n2' as run_id")
    with pytest.raises(SnapshotError, match=r"属于另一晚（n2）.*run n1 again from its build"):
        publish(database, published, run_id="n1")
    assert current(published) is None
    assert publish(database, published, run_id="n2").exists()
