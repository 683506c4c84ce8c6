"""Publishing real DuckDB files: what a version holds, who reads what while it happens, and going back."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from expectations.results import CheckResult, Failure
from warehouse.labels import load_labels
from warehouse.snapshot import SnapshotError, connect, current, place_of, prune, publish, rollback

PROJECT = Path(__file__).resolve().parents[2]
MOMENT = datetime(2014, 12, 31, 17, 0, tzinfo=UTC)


def build(database: Path, night: int, *, checked: bool = True) -> Path:
    """A build whose every table says which night it is of."""
    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    with duckdb.connect(database) as written:
        written.execute(
            "begin; create schema marts; create schema reference; create schema staging; create schema intermediate"
        )
        written.execute(
            "create table marts.funding_standard_gap as select * from (values"
            " ('219801100201', '石桥村', 'met', 80000.00::decimal(18, 2), 8.0::decimal(18, 6),"
            f" {night}, timestamptz '2014-10-08 01:30:00+00'),"
            f" ('219801100200', '柳河村', 'below', null, null, {night}, null))"
            " as t(branch_code, branch_name, status, fiscal_transfer_yuan, fiscal_transfer_wan, night, received_at)"
        )
        written.execute("create table marts.finding as select 'unit_unclear' as code, 'D17' as cell")
        written.execute("create table reference.weak_types as select 'no_venue' as code, '无活动场所' as label_zh")
        written.execute("create table staging.stg_register__areas as select '21' as area_code, '示例省' as area_name")
        written.execute(
            "create table staging.stg_register__branches as select '219801100201' as branch_code, 812 as population"
        )
        written.execute("create table staging.stg_returns__venue as select 1 as secret_of_staging")
        written.execute("create table intermediate.int_something as select 1 as x")
        if checked:
            written.execute(
                "create schema quality; create table quality.check_result as select 'r1' as check_id, 'pass' as status"
            )
            written.execute("create table quality.check_failure as select 'r1' as check_id where false")
            written.execute("create table quality.scratch as select 1 as x")
        written.execute("commit")
    return database


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """As dbt writes it, cut to what labels come from."""
    columns = {
        "branch_code": {"description": "Code of the branch", "config": {"meta": {"label_zh": "党组织代码"}}},
        "branch_name": {"description": "", "config": {"meta": {"label_zh": "名称"}}},
        "status": {"description": "", "config": {"meta": {"label_zh": "名称"}}},
        "fiscal_transfer_yuan": {"description": "", "config": {"meta": {"label_zh": "财政转移支付", "unit": "元"}}},
        "fiscal_transfer_wan": {
            "description": "Fiscal transfer,\nsince 1 January",
            "config": {"meta": {"label_zh": "财政转移支付", "unit": "万元"}},
        },
        "received_at": {"description": "", "config": {"meta": {"label_zh": "收到时间"}}},
    }
    nodes = {
        "model.jiceng.funding_standard_gap": {
            "name": "funding_standard_gap",
            "resource_type": "model",
            "description": "One row per village and quarter",
            "config": {"meta": {"label_zh": "运转经费达标差距", "owner": "组织部"}},
            "columns": columns,
        },
        "test.jiceng.unique": {"name": "unique", "resource_type": "test", "columns": {}},
    }
    path = tmp_path / "target" / "manifest.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"nodes": nodes}, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published"


def publish_night(published: Path, night: int, **options: int) -> Path:
    database = build(published.parent / "build" / "jiceng.duckdb", night)
    return publish(database, published, run_id=f"night{night}", **options)


def serving(published: Path) -> int:
    with connect(published) as reader:
        return int(reader.execute("select max(night) from funding_standard_gap").fetchall()[0][0])


def names(published: Path) -> list[str]:
    return sorted(path.name for path in published.iterdir() if path.name not in (".lock", "marts_current.duckdb"))


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


def test_chinese_labels_stand_in_comments_views_and_a_table(tmp_path: Path, published: Path, manifest: Path) -> None:
    publish(build(tmp_path / "b.duckdb", 1), published, run_id="n1", manifest=manifest)
    with connect(published) as reader:
        view = reader.execute('select * from "中文"."运转经费达标差距" where "党组织代码" = \'219801100201\'')
        headings = [column[0] for column in view.description]
        row = view.fetchone()
        comments = reader.execute(
            "select column_name, comment from duckdb_columns() where schema_name = 'main'"
            " and table_name = 'funding_standard_gap' order by column_index"
        ).fetchall()
        table_comment = reader.execute(
            "select comment from duckdb_tables() where table_name = 'funding_standard_gap'"
        ).fetchall()
        labels = reader.execute(
            "select column_name, label_zh, unit, description from column_label"
            " where table_name = 'funding_standard_gap' order by column_name nulls first"
        ).fetchall()
    assert headings == [
        "党组织代码",
        "名称[branch_name]",
        "名称[status]",
        "财政转移支付(元)",
        "财政转移支付(万元)",
        "night",
        "收到时间",
    ]
    # A moment reads as on a clock in China.
    assert row == ("219801100201", "石桥村", "met", 80000, 8, 1, datetime(2014, 10, 8, 9, 30))
    assert table_comment == [("运转经费达标差距",)]
    assert comments[3:6] == [
        ("fiscal_transfer_yuan", "财政转移支付(元)"),
        ("fiscal_transfer_wan", "财政转移支付(万元)"),
        ("night", "night"),
    ]
    assert labels[0] == (None, "运转经费达标差距", None, "One row per village and quarter")
    assert ("fiscal_transfer_wan", "财政转移支付", "万元", "Fiscal transfer, since 1 January") in labels


def test_tables_that_are_no_mart_have_chinese_labels_too(tmp_path: Path, published: Path) -> None:
    publish(build(tmp_path / "b.duckdb", 1), published, run_id="n1")
    with connect(published) as reader:
        views = {
            name
            for (name,) in reader.execute("select view_name from duckdb_views() where schema_name = '中文'").fetchall()
        }
        assert reader.execute('select * from "中文"."党组织名册"').df().columns.tolist() == ["党组织代码", "人口(人)"]
    assert views >= {"党组织名册", "行政区划", "检核结果", "检核不符明细", "字段说明", "发布信息"}


def test_every_column_that_the_checks_write_has_a_label() -> None:
    labels = load_labels()
    for table, row in (("check_result", CheckResult), ("check_failure", Failure)):
        assert {field.name for field in fields(row)} - set(labels[table].columns) == set()


def test_labels_hold_in_a_file_of_any_name_and_attached_under_any(tmp_path: Path, published: Path) -> None:
    copy = tmp_path / "给分析室.duckdb"
    copy.write_bytes(publish_night(published, 1).read_bytes())
    with duckdb.connect() as reader:
        reader.execute(f"attach '{copy}' as elsewhere (read_only)")
        assert reader.execute('select count(*) from elsewhere."中文"."党组织名册"').fetchall() == [(1,)]


@pytest.mark.parametrize(
    "query",
    [
        "create table x (a integer)",
        "delete from finding",
        "update finding set cell = 'A1'",
        "drop table finding",
        "select * from read_csv('{file}')",
        "select * from read_text('{file}')",
        "select * from glob('{folder}/*')",
        "attach '{other}' as other",
        "copy finding to '{folder}/out.csv'",
        "export database '{folder}/out'",
        "install httpfs",
        "load '{file}'",
        "set enable_external_access = true",
        "set temp_directory = '{folder}'",
        "reset lock_configuration",
    ],
)
def test_query_can_neither_write_nor_reach_another_file(tmp_path: Path, published: Path, query: str) -> None:
    publish_night(published, 1)
    file = tmp_path / "private.csv"
    file.write_text("a\n1\n")
    other = build(tmp_path / "other.duckdb", 9)
    folder = tmp_path / "folder"
    folder.mkdir()
    with connect(published) as reader, pytest.raises(duckdb.Error):
        reader.execute(query.format(file=file, folder=folder, other=other)).fetchall()
    assert list(folder.iterdir()) == []
    assert serving(published) == 1


def test_published_file_is_read_only(published: Path) -> None:
    assert publish_night(published, 1).stat().st_mode & 0o777 == 0o440


READER = """
import sys, duckdb
link = sys.argv[1]
held = duckdb.connect(link, read_only=True)
night = lambda opened: opened.execute("select max(night), count(*) from funding_standard_gap").fetchone()
print(night(held), flush=True)
for line in sys.stdin:
    if line.strip() == "held":
        print(night(held), flush=True)
    else:
        with duckdb.connect(link, read_only=True) as anew:
            print(night(anew), flush=True)
"""


@pytest.fixture
def reader(published: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the first version open through the link, in its own way: not through this project."""
    publish_night(published, 1)
    process = subprocess.Popen(
        [sys.executable, "-c", READER, str(published / "marts_current.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "(1, 2)\n"
    yield process
    process.kill()
    process.communicate()


def ask(reader: subprocess.Popen[str], what: str) -> str:
    assert reader.stdin is not None
    assert reader.stdout is not None
    print(what, file=reader.stdin, flush=True)
    return reader.stdout.readline().strip()


def test_reader_keeps_what_it_has_open_and_finds_the_new_version_when_it_opens_anew(
    published: Path, reader: subprocess.Popen[str]
) -> None:
    publish_night(published, 2)
    assert (ask(reader, "held"), ask(reader, "anew")) == ("(1, 2)", "(2, 2)")
    for night in (3, 4, 5):
        publish_night(published, night, keep=2)
    assert not (published / "marts_night1.duckdb").exists()
    assert (ask(reader, "held"), ask(reader, "anew")) == ("(1, 2)", "(5, 2)")  # even when its file is gone
    rollback(published)
    assert (ask(reader, "held"), ask(reader, "anew")) == ("(1, 2)", "(4, 2)")


IMPATIENT_READER = """
import sys, duckdb
from pathlib import Path
from warehouse.snapshot import connect
published, stop, seen = Path(sys.argv[1]), Path(sys.argv[2]), []
ways = (lambda: connect(published), lambda: duckdb.connect(published / "marts_current.duckdb", read_only=True))
print("reading", flush=True)
last = False
while not last:
    last = stop.exists()
    for open_anew in ways:
        with open_anew() as reader:
            row = reader.execute("select max(night), min(night), count(*) from funding_standard_gap").fetchone()
            row += reader.execute('select count(*) from "中文"."党组织名册"').fetchone()
        seen += [row] if row not in seen else []
print(seen)
"""


def test_who_opens_the_link_over_and_over_while_nights_publish_finds_only_whole_versions(
    tmp_path: Path, published: Path
) -> None:
    publish_night(published, 1)
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", IMPATIENT_READER, str(published), str(stop)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        for night in range(2, 10):
            publish_night(published, night, keep=1)
        stop.touch()
        seen = ast.literal_eval(process.stdout.read())
    nights = [night for night, *_ in seen]
    assert seen == [(night, night, 2, 1) for night in nights]
    assert nights == sorted(nights)
    assert nights[-1] == 9


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


def test_number_leads_to_its_file_and_cell_within_the_version(tmp_path: Path, published: Path) -> None:
    database = build(tmp_path / "b.duckdb", 1)
    with duckdb.connect(database) as written:
        written.execute(
            "create table staging.stg_lake__files as select 'f1' as file_sha256, 'b1' as batch_id,"
            " '云溪县/a.xlsx' as file_name, 'landed' as outcome, null::varchar as reason, 'v' as forms_version,"
            " 2 as landed_rows, 0 as quarantined_rows, 1 as findings,"
            " timestamptz '2014-10-08 01:30:00+00' as received_at"
        )
        written.execute(
            "create table staging.stg_lake__sheets as select 'b1' as batch_id, 'f1' as file_sha256,"
            " '场所' as sheet_name,"
            " 1 as table_number, 'venue' as form, 'floor_area_m2' as field, 'D' as column_letter,"
            " '面积' as header_text,"
            " '平方米' as unit"
        )
    publish(database, published, run_id="n1")
    with connect(published) as reader:
        found = {
            view: ([column[0] for column in shown.description], shown.fetchall())
            for view in ("报送文件", "栏目位置")
            for shown in [reader.execute(f'select * from "中文"."{view}"')]
        }
    assert found == {
        "报送文件": (
            ["文件指纹", "文件", "读取结果", "不收原因", "收到时间", "入库行数(行)", "待处理行数(行)", "问题数(个)"],
            [("f1", "云溪县/a.xlsx", "landed", None, datetime(2014, 10, 8, 9, 30), 2, 0, 1)],
        ),
        "栏目位置": (
            ["文件指纹", "工作表", "表序号", "报表", "栏目", "列", "表头原文", "金额或数量单位"],
            [("f1", "场所", 1, "venue", "floor_area_m2", "D", "面积", "平方米")],
        ),
    }
