"""A build is read under the names of what is published, and by reading never changed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from warehouse.build_reading import connect_build
from warehouse.snapshot import SnapshotError


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(path) as build:
        build.execute("create schema marts; create schema quality; create schema staging")
        build.execute("create table marts.gap as select '青石村' as branch_name, 3 as villages")
        build.execute("create table quality.check_failure as select 'gap_known' as check_id, 'critical' as severity")
        build.execute("create table staging.secret as select 1 as one")
    return path


def test_tables_have_the_names_they_are_published_by(database: Path) -> None:
    with connect_build(database) as build:
        assert build.execute("select * from gap").fetchall() == [("青石村", 3)]
        assert build.execute("select * from check_failure").fetchall() == [("gap_known", "critical")]
        labels = build.execute("select label_zh from column_label where column_name = 'severity'").fetchall()
        assert build.execute('select * from "中文"."检核不符明细"').fetchall() == [("gap_known", "critical")]
        assert build.execute("select * from staging.secret").fetchall() == [(1,)]
        assert build.execute("select * from quality.check_failure").fetchall() == [("gap_known", "critical")]
    assert labels == [("级别",)]


@pytest.mark.parametrize(
    "sql",
    [
        "insert into build.marts.gap values ('x', 1)",
        "select * from read_text('{secret}')",
        "copy gap to '{secret}.csv'",
        "attach '{secret}' as other",
        "set enable_external_access = true",
        "select * from secret",
    ],
)
def test_nothing_is_changed_and_nothing_else_is_reached(database: Path, sql: str) -> None:
    secret = database.with_name("secret.txt")
    secret.write_text("secret")
    with connect_build(database) as build, pytest.raises(duckdb.Error):
        build.execute(sql.format(secret=secret))
    assert sorted(path.name for path in database.parent.iterdir()) == ["build.duckdb", "secret.txt"]


def test_build_that_is_not_there_or_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="还没有构建过"):
        connect_build(tmp_path / "none.duckdb")
    (tmp_path / "bad.duckdb").write_bytes(b"not a database")
    with pytest.raises(SnapshotError, match="构建库读不出来"):
        connect_build(tmp_path / "bad.duckdb")
