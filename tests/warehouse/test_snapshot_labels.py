"""Published versions in Chinese: labels of columns, views, and the way from a number to its cell."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from expectations.results import CheckResult, Failure
from tests.warehouse.publishing import build, publish_night
from warehouse.labels import load_labels
from warehouse.snapshot import connect, publish


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


def test_chinese_view_shows_a_code_by_its_label_and_an_unknown_code_as_it_is(
    tmp_path: Path, published: Path, manifest: Path
) -> None:
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["nodes"]["test.jiceng.codes"] = {
        "name": "unknown_code",
        "resource_type": "test",
        "attached_node": "model.jiceng.funding_standard_gap",
        "test_metadata": {"name": "codes_are_known", "kwargs": {"codes": {"status": "gap.status"}}},
        "columns": {},
    }
    manifest.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    database = build(tmp_path / "b.duckdb", 1)
    with duckdb.connect(database) as written:
        written.execute("create schema if not exists reference")
        written.execute(
            "create table reference.codes as select 'gap.status' as column_name, 'met' as code, '达标' as label_zh"
        )
    publish(database, published, run_id="n1", manifest=manifest)
    with connect(published) as reader:
        shown = reader.execute(
            'select "党组织代码", "名称[status]" from "中文"."运转经费达标差距" order by 1'
        ).fetchall()
        named = reader.execute(
            "select codes from column_label where column_name = 'status' and table_name = 'funding_standard_gap'"
        ).fetchall()
    assert shown == [("219801100200", "below"), ("219801100201", "达标")]
    assert named == [("gap.status",)]


def test_chinese_view_shows_each_code_of_a_list_by_its_label(tmp_path: Path, published: Path, manifest: Path) -> None:
    content = json.loads(manifest.read_text(encoding="utf-8"))
    columns = content["nodes"]["model.jiceng.funding_standard_gap"]["columns"]
    columns["status"]["config"]["meta"] = {"label_zh": "类型", "list_of": "weak_type"}
    manifest.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    database = build(tmp_path / "b.duckdb", 1)
    with duckdb.connect(database) as written:
        written.execute("insert into reference.weak_types values ('weak_service', '服务能力弱')")
        written.execute("update marts.funding_standard_gap set status = 'weak_service|no_venue|other'")
    publish(database, published, run_id="n1", manifest=manifest)
    with connect(published) as reader:
        shown = reader.execute('select distinct "类型" from "中文"."运转经费达标差距"').fetchall()
    assert shown == [("服务能力弱；无活动场所；other",)]


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
