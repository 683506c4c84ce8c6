"""What is wrong with rows of the counties' registers: findings that stand beside the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from ingestion.findings import Finding
from ingestion.lake_schemas import SHEETS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OWNER = "组织部"
_FORM = "register"
_LABELS = {
    "branch_code": ("统一代码", "its code"),
    "branch_name": ("名称", "its name"),
    "kind": ("类别", "its kind"),
    "township_code": ("乡镇代码", "its township's code"),
    "township_name": ("乡镇名称", "its township's name"),
    "county_name": ("县（市）区名称", "its county's name"),
    "city_name": ("市名称", "its city's name"),
}

_REFUSED = """
    select * from judged as refused
    where
        problem is not null
        and not exists (
            select 1 from judged as later
            where later.problem is null and later.branch_code = refused.branch_code
            and later.received_at > refused.received_at
        )
    order by received_at, sheet_name, table_number, row_number
"""

_UNKNOWN_SUCCESSORS = """
    with codes as (
        select branch_code from latest
        union
        select branch_code from divisions
    ),

    successors as (
        select * replace (unnest(string_split(successor_codes, '|')) as successor_codes)
        from latest
        where successor_codes <> ''
    )

    select * exclude (successor_codes), string_agg(successor_codes, '、' order by successor_codes) as successor_codes
    from successors
    anti join codes on codes.branch_code = successors.successor_codes
    group by all
    order by received_at, sheet_name, table_number, row_number
"""


RULES = (_REFUSED, _UNKNOWN_SUCCESSORS)


def findings_of(connection: DuckDBPyConnection, lake: Path) -> Iterator[dict[str, Any]]:
    """Rows of `findings.parquet`, from the tables `judged`, `latest`, `named` and `divisions` of a build."""
    refused = _records(connection, _REFUSED)
    overlapping = _records(connection, "from latest where stated_to > valid_to order by branch_code, valid_from")
    unknown = _records(connection, _UNKNOWN_SUCCESSORS)
    columns = _columns(lake, [*refused, *overlapping, *unknown])
    for row in refused:
        yield _as_row(row, columns, _refusal(row))
    for row in overlapping:
        details = {"name": row["branch_name"], "stated": str(row["stated_to"]), "taken": str(row["valid_to"])}
        yield _as_row(row, columns, ("register_dates_overlap", "valid_to", str(row["stated_to"]), details))
    for row in unknown:
        codes = row["successor_codes"]
        details = {"name": row["branch_name"], "codes": codes}
        yield _as_row(row, columns, ("register_successor_unknown", "successor_codes", codes, details))
    for area in _records(connection, "from named where different > 1 order by area_code"):
        details = {"code": area["area_code"], "names": area["names"], "taken": area["area_name"]}
        yield _as_row({}, columns, ("register_area_names_differ", None, area["names"], details))


def _refusal(row: Mapping[str, Any]) -> tuple[str, str, str | None, dict[str, str | tuple[str, str]]]:
    """Code, field, original text and details of a row that cannot enter the register."""
    name = row["branch_name"] or row["branch_code"] or f"{row['sheet_name']}:{row['row_number']}"
    if row["problem"] == "register_row_incomplete":
        return row["problem"], row["missing"], None, {"name": name, "missing": _LABELS[row["missing"]]}
    if row["problem"] == "register_dates_impossible":
        dates = f"{row['valid_from']} — {row['valid_to'] or ''}".strip()
        return row["problem"], "valid_to" if row["valid_to"] else "valid_from", dates, {"name": name, "dates": dates}
    township = row["township_code"]
    details = {"name": name, "code": row["branch_code"], "township": township}
    return "register_parent_unknown", "township_code", township, {**details}


def _as_row(
    row: Mapping[str, Any],
    columns: Mapping[tuple[Any, ...], str],
    said: tuple[str, str | None, str | None, Mapping[str, str | tuple[str, str]]],
) -> dict[str, Any]:
    """A finding as it is kept, with the cell it is about."""
    code, about, original, details = said
    column = columns.get((*_table_of(row), about)) if row else None
    finding = Finding(code, details=details)
    kept = ("batch_id", "file_sha256", "file_name", "sheet_name", "row_number", "reporting_unit_code", "branch_code")
    return {
        **{name: row.get(name) for name in (*kept, "branch_name", "period")},
        "cell": f"{column}{row['row_number']}" if column else None,
        "form": _FORM,
        "field": about,
        "code": code,
        "severity": finding.severity.value,
        "owner": OWNER,
        "original": original,
        "text_zh": finding.text_zh(),
        "text_en": finding.text_en(),
        "remedy_zh": finding.remedy_zh(),
        "remedy_en": finding.remedy_en(),
    }


def _columns(lake: Path, rows: Iterable[Mapping[str, Any]]) -> dict[tuple[Any, ...], str]:
    """The column letter of every field of the tables that these rows stand in."""
    tables = {_table_of(row) for row in rows}
    paths = [lake / "sheets" / f"{batch_id}.parquet" for batch_id in sorted({table[0] for table in tables})]
    places = [
        place for path in paths if path.exists() for place in pq.ParquetFile(path).read().cast(SHEETS).to_pylist()
    ]
    return {
        (*_table_of(place), place["field"]): place["column_letter"] for place in places if _table_of(place) in tables
    }


def _table_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["batch_id"], row["file_sha256"], row["sheet_name"], row["table_number"]


def _records(connection: DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.execute(query).to_arrow_table().to_pylist()
    return rows
