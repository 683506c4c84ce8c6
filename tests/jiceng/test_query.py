"""Queries answer from the published snapshot and reach nothing else; what goes to a spreadsheet is harmless there."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from jiceng import query, screen
from jiceng.query import Answer, QueryError, as_csv, as_json, ask
from warehouse.snapshot import SnapshotError


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with one small version that serves."""
    folder = tmp_path / "published"
    folder.mkdir()
    with duckdb.connect(folder / "marts_1.duckdb") as version:
        version.execute("create table gap (branch_name varchar, gap_wan decimal(18, 2), villages bigint)")
        version.execute("insert into gap values ('青石村', -1.25, 3), ('=1+1', 7, 4), (null, null, null)")
    (folder / "marts_current.duckdb").symlink_to("marts_1.duckdb")
    return folder


def test_answer_has_columns_and_rows(published: Path) -> None:
    assert ask(published, "select * from gap order by villages limit 1") == Answer(
        columns=("branch_name", "gap_wan", "villages"),
        numeric=(False, True, True),
        rows=[("青石村", Decimal("-1.25"), 3)],
        more=False,
    )


def test_more_rows_than_asked_for_are_said_to_be_there(published: Path) -> None:
    answer = ask(published, "select * from gap", limit=2)
    assert (len(answer.rows), answer.more) == (2, True)
    assert not ask(published, "select * from gap", limit=3).more


@pytest.mark.parametrize("sql", ["select 1;", "select 1; -- 一句", "pivot gap on gap_wan using sum(villages)"])
def test_one_question_is_answered(published: Path, sql: str) -> None:
    assert ask(published, sql).rows


@pytest.mark.parametrize("other", ["select 1", "pivot gap on gap_wan using sum(villages)"])
def test_several_questions_are_refused_as_all_but_one_would_go_unseen(published: Path, other: str) -> None:
    with pytest.raises(QueryError, match="一次只能查一句，这里有 2 句，请分开查"):
        ask(published, f"{other}; {other}")


def test_moments_are_read_as_clocks_in_china_show_them(published: Path) -> None:
    """Whatever the zone of the machine: the zone stands beside the moment, and its day is the day in China."""
    moment = "timestamptz '2014-03-31 17:30:00+00'"
    answer = ask(published, f"select {moment} as received_at, cast({moment} as date) as day, {moment}::varchar as text")
    assert as_json(answer).split() == [
        *("[", "{", '"received_at":', '"2014-04-01T01:30:00+08:00",', '"day":', '"2014-04-01",'),
        *('"text":', '"2014-04-01', '01:30:00+08"', "}", "]"),
    ]


ATTACKS = (
    "drop table gap",
    "insert into gap values ('x', 1, 1)",
    "update gap set villages = 0",
    "create table other as select 1",
    "copy gap to '{outside}'",
    "copy (select 'x') to '{outside}' (format parquet)",
    "export database '{outside}'",
    "select * from read_csv('{secret}')",
    "select * from read_text('{secret}')",
    "select * from read_blob('{secret}')",
    "select * from '{secret}'",
    "select * from glob('{folder}/*')",
    "select * from read_parquet('http://127.0.0.1:9/x.parquet')",
    "select * from sniff_csv('{secret}')",
    "attach '{outside}' as other",
    "attach '{published}/marts_1.duckdb' as again; insert into again.gap values ('x', 1, 1)",
    "import database '{folder}'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set temp_directory = '{folder}'",
    "set global allowed_directories = ['{folder}']",
    "pragma enable_profiling = 'json'",
    "pragma profiling_output = '{outside}'",
    "pragma log_query_path = '{outside}'",
    "set log_query_path = '{outside}'",
    "reset enable_external_access",
    "install httpfs",
    "load httpfs",
    "load '{outside}'",
    "call enable_logging(storage = 'file', storage_config = {{'path': '{outside}'}}); select 1",
    "call enable_logging()",
    "force checkpoint; copy gap to '{outside}'",
    "create secret (type s3, key_id 'a', secret 'b')",
    "create persistent secret (type s3, key_id 'a', secret 'b')",
    "create temp macro reads(x) as table select * from read_csv(x); select * from reads('{secret}')",
    "prepare reads as select * from read_csv('{secret}'); execute reads",
    "select 1; insert into gap values ('x', 1, 1)",
    "select nothing from gap",
    "select",
    "",
    " ; ",
    "-- nothing",
)


@pytest.mark.parametrize("sql", ATTACKS)
def test_query_that_would_change_or_reach_anything_is_refused(published: Path, sql: str) -> None:
    outside, secret = published.parent / "outside.csv", published.parent / "secret.csv"
    secret.write_text("password\n")
    before = sorted(published.parent.rglob("*"))
    with pytest.raises(QueryError, match=r"查询有误|没有 SQL"):
        ask(published, sql.format(outside=outside, secret=secret, folder=published.parent, published=published))
    assert sorted(published.parent.rglob("*")) == before
    assert len(ask(published, "select * from gap").rows) == 3


@pytest.mark.parametrize(
    "sql",
    ["describe gap", "summarize gap", "explain select 1", "show tables", "pivot gap on branch_name using count(*)"],
)
def test_question_that_is_no_plain_select_is_answered(published: Path, sql: str) -> None:
    assert ask(published, sql).rows


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="make run"):
        ask(tmp_path / "published", "select 1")


def test_csv_holds_no_formulas_and_leaves_numbers_alone() -> None:
    answer = Answer(
        columns=("名称 name", "=cmd"),
        numeric=(False, False),
        rows=[
            ("=1+1", Decimal("-3.50")),
            ("+86", None),
            ("-5", -5),
            ("@SUM(A1)", 0.5),
            ('a "b", c', "\t=x"),
            ("－1", ""),
        ],
        more=False,
    )
    assert list(as_csv(answer)) == [
        "名称 name,'=cmd\n",
        "'=1+1,-3.50\n",
        "'+86,\n",
        "'-5,-5\n",
        "'@SUM(A1),0.5\n",
        '"a ""b"", c",\'\t=x\n',
        "'－1,\n",
    ]


def test_json_keeps_numbers_as_numbers() -> None:
    answer = Answer(
        columns=("a", "b", "c", "d"),
        numeric=(True, True, False, False),
        rows=[(Decimal("7.25"), Decimal("9.00"), date(2014, 3, 31), ["村", None])],
        more=False,
    )
    assert json.loads(as_json(answer)) == [{"a": 7.25, "b": 9, "c": "2014-03-31", "d": ["村", None]}]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("7.250000"), "7.25"),
        (Decimal("100.000000"), "100"),
        (Decimal("100"), "100"),
        (Decimal("-0.000000"), "0"),
        (Decimal("0E-6"), "0"),
        (Decimal("12345678901234567890123456789012.120000"), "12345678901234567890123456789012.12"),
        ("7.250000", "7.250000"),
    ],
)
def test_screen_shows_a_decimal_without_the_zeros_of_its_type(
    value: object, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = io.StringIO()
    monkeypatch.setattr(screen, "out", Console(file=heard, width=200))
    query.show(Answer(("gap",), (True,), [(value,)], more=False))
    assert heard.getvalue().splitlines()[3].strip("│ ") == shown
