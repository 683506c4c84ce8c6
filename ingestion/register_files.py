"""The register's files, and how returns and the national divisions become one register.

sources/returned.parquet         what the registers of the counties say (党组织名册), as far as it holds
sources/divisions.parquet        the national divisions that were imported, with the days on which each is in force
sources/division_successors.parquet  which code of a later edition took the place of one of an earlier
sources/division_areas.parquet   their provinces, cities, counties and townships
findings.parquet                 what is wrong with rows of the counties' registers
areas.parquet, branches.parquet  the register: a pure function of the above, branches last
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.archive import flush_directories
from ingestion.lake_schemas import AREAS, BRANCHES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BRANCHES_FILE = "branches.parquet"
AREAS_FILE = "areas.parquet"
FINDINGS_FILE = "findings.parquet"
RETURNED_FILE = "sources/returned.parquet"
DIVISIONS_FILE = "sources/divisions.parquet"
DIVISION_AREAS_FILE = "sources/division_areas.parquet"
DIVISION_SUCCESSORS_FILE = "sources/division_successors.parquet"

EVER = date(1949, 10, 1)
"""The first day of a branch of which none is known."""

DIVISIONS = pa.schema(
    [
        ("branch_code", pa.string()),
        ("branch_name", pa.string()),
        ("kind", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
    ]
)

DIVISION_SUCCESSORS = pa.schema([("branch_code", pa.string()), ("successor_code", pa.string())])
_SOURCES = "jiceng_sources"
_ROW_GROUP = 4096  # a county has some two hundred branches: what is read to find it

# GB/T 2260. A county's register names its city; only the code tells the province.
_PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区",
    "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
    "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省",
    "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区",
    "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
    "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip

_ALL_AREAS = """
    with named as (
        select township_code as code, township_name as name, 2 as weight from returned
        union all select county_code, county_name, 2 from returned
        union all select city_code, city_name, 2 from returned
        union all select area_code, area_name, 1 from division_areas
        union all select code, name, 0 from provinces
        where code in (select left(township_code, 2) from returned)
    )

    select
        code as area_code,
        arg_max(name, weight) as area_name,
        case length(code) when 2 then 'province' when 4 then 'city' when 6 then 'county' else 'township' end as level,
        left(code, case length(code) when 4 then 2 when 6 then 4 when 9 then 6 end) as parent_code
    from named
    where name is not null and name <> ''
    group by code
    order by code
"""

# A branch that a county's register knows is what that register says it is.
_ALL_BRANCHES = """
    with known as (
        select
            branch_code, branch_name, kind, township_code, valid_from, valid_to, successor_codes, households, population
        from returned
        union all
        select
            branch_code, branch_name, kind, left(branch_code, 9), valid_from, valid_to,
            case when valid_to is not null then successor_code end, null, null
        from divisions
        left join division_successors using (branch_code)
        where branch_code not in (select branch_code from returned)
    )

    select
        known.branch_code,
        known.branch_name,
        known.kind,
        known.township_code,
        township.area_name as township_name,
        left(known.township_code, 6) as county_code,
        county.area_name as county_name,
        left(known.township_code, 4) as city_code,
        city.area_name as city_name,
        left(known.township_code, 2) as province_code,
        known.valid_from,
        known.valid_to,
        known.successor_codes,
        known.households,
        known.population
    from known
    left join areas as township on township.area_code = known.township_code
    left join areas as county on county.area_code = left(known.township_code, 6)
    left join areas as city on city.area_code = left(known.township_code, 4)
    order by county_code, known.branch_code, known.valid_from
"""

_CHANGES = """
    select
        count(*) as branches,
        count(*) filter (where before.branch_code is null) as new,
        count(*) filter (
            where before.branch_code is not null
            and (before.valid_to is not distinct from now.valid_to or now.valid_to is null)
            and (
                before.branch_name, before.kind, before.township_name, before.valid_to, before.successor_codes,
                before.households, before.population
            ) is distinct from (
                now.branch_name, now.kind, now.township_name, now.valid_to, now.successor_codes,
                now.households, now.population
            )
        ) as changed,
        count(*) filter (
            where before.branch_code is not null
            and now.valid_to is not null
            and now.valid_to is distinct from before.valid_to
        ) as closed,
        (
            select count(*) from branches_before as gone
            where not exists (
                select 1 from branches_now as kept
                where kept.branch_code = gone.branch_code and kept.valid_from = gone.valid_from
            )
        ) as gone
    from branches_now as now
    left join branches_before as before
        on before.branch_code = now.branch_code and before.valid_from = now.valid_from
"""


class RegisterError(Exception):
    """The register cannot be built from what was given; the text is Chinese and English."""


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """Rows of the register, and how they differ from before: a row is a branch under one name.

    `closed` rows have received or moved their last day; `gone` ones are no longer claimed by any source.
    """

    branches: int
    new: int
    changed: int
    closed: int
    gone: int


def merge_sources(directory: Path) -> RegisterChange:
    """Write areas and branches from the sources; returns what changed."""
    sources = _digest(directory)
    with connect() as connection:
        offer(connection, "returned", directory / RETURNED_FILE, BRANCHES)
        offer(connection, "divisions", directory / DIVISIONS_FILE, DIVISIONS)
        offer(connection, "division_areas", directory / DIVISION_AREAS_FILE, AREAS)
        offer(connection, "division_successors", directory / DIVISION_SUCCESSORS_FILE, DIVISION_SUCCESSORS)
        offer(connection, "branches_before", directory / BRANCHES_FILE, BRANCHES)
        connection.register("provinces", pa.table({"code": list(_PROVINCES), "name": list(_PROVINCES.values())}))
        connection.execute(f"create table areas as {_ALL_AREAS}")
        connection.execute(f"create table branches_now as {_ALL_BRANCHES}")
        counts = connection.execute(_CHANGES).fetchone() or ()
        write(directory / AREAS_FILE, rows_of(connection, "from areas"), AREAS)
        write(directory / BRANCHES_FILE, rows_of(connection, "from branches_now"), BRANCHES, {_SOURCES: sources})
    return RegisterChange(*counts)


def clear_damaged(directory: Path) -> None:
    """Remove files that cannot be opened: the returns in the lake and the divisions make them anew.

    Raises RegisterError when it is the divisions, which come from outside.
    """
    for name in (DIVISIONS_FILE, DIVISION_AREAS_FILE, DIVISION_SUCCESSORS_FILE):
        if not _can_be_opened(directory / name):
            raise RegisterError(
                f"导入的区划文件 {name} 已损坏，请删除 {directory / 'sources'} 后重新运行 jiceng register import · "
                f"an imported file of divisions is damaged: delete that folder, then jiceng register import"
            )
    for name in (BRANCHES_FILE, AREAS_FILE, FINDINGS_FILE, RETURNED_FILE):
        if not _can_be_opened(directory / name):
            (directory / name).unlink()


def _can_be_opened(path: Path) -> bool:
    try:
        if path.exists():
            pq.read_metadata(path)
    except pa.ArrowInvalid:
        return False
    return True


def is_merged(directory: Path) -> bool:
    """Whether the register that stands there was made from the sources as they are."""
    return (directory / AREAS_FILE).exists() and metadata_of(directory / BRANCHES_FILE).get(_SOURCES) == _digest(
        directory
    )


def metadata_of(path: Path) -> dict[str, str]:
    """What was noted in a file when it was written; nothing when it is absent."""
    found = (pq.read_schema(path).metadata or {}) if path.exists() else {}
    return {key.decode(): value.decode() for key, value in found.items()}


def _digest(directory: Path) -> str:
    """Changes with the sources, and with the way they are merged."""
    content = hashlib.sha256(f"{_PROVINCES}{_ALL_AREAS}{_ALL_BRANCHES}".encode())
    for name in (RETURNED_FILE, DIVISIONS_FILE, DIVISION_AREAS_FILE, DIVISION_SUCCESSORS_FILE):
        path = directory / name
        content.update(hashlib.sha256(path.read_bytes() if path.exists() else b"").digest())
    return content.hexdigest()


def connect() -> DuckDBPyConnection:
    """An in-memory database that leaves memory to the rest of the night."""
    import duckdb

    return duckdb.connect(config={"memory_limit": "256MB", "threads": 2})


def offer(connection: DuckDBPyConnection, name: str, path: Path, schema: pa.Schema) -> None:
    """Make a file of the register a view; an empty one when the file is absent."""
    if path.exists():
        # A path is read as a pattern; in brackets its special characters stand for themselves.
        exactly = re.sub(r"[*?\[]", r"[\g<0>]", str(path)).replace("'", "''")
        connection.execute(f"create view {name} as from read_parquet('{exactly}')")
    else:
        connection.register(name, schema.empty_table())


def rows_of(connection: DuckDBPyConnection, query: str) -> Iterator[pa.RecordBatch]:
    """A query's rows, never all of them in memory."""
    yield from connection.execute(query).to_arrow_reader(_ROW_GROUP)


def write(
    path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema, metadata: Mapping[str, str] | None = None
) -> None:
    """Write a file aside in small row groups with statistics, flush it and rename it into place.

    The same rows give the same bytes, however they are batched: the register's version is their hash.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            with pq.ParquetWriter(file, schema.with_metadata(metadata), compression="zstd") as writer:
                for group in _row_groups(batches, schema):
                    writer.write_table(group)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    flush_directories([path.parent])


def _row_groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The same rows in tables of an even size."""
    waiting = schema.empty_table()
    for batch in batches:
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch]).cast(schema)])
        while waiting.num_rows >= _ROW_GROUP:
            yield waiting.slice(0, _ROW_GROUP).combine_chunks()
            waiting = waiting.slice(_ROW_GROUP)
    if waiting.num_rows:
        yield waiting.combine_chunks()
