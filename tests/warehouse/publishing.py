"""Small builds, and their publishing night after night, as tests do it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.snapshot import connect, publish


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
        written.execute("create table reference.weak_types as select 'no_venue' as weak_type, '无活动场所' as label_zh")
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


def publish_night(published: Path, night: int, **options: int) -> Path:
    database = build(published.parent / "build" / "jiceng.duckdb", night)
    return publish(database, published, run_id=f"night{night}", **options)


def serving(published: Path) -> int:
    with connect(published) as reader:
        return int(reader.execute("select max(night) from funding_standard_gap").fetchall()[0][0])


def names(published: Path) -> list[str]:
    return sorted(path.name for path in published.iterdir() if path.name not in (".lock", "marts_current.duckdb"))
