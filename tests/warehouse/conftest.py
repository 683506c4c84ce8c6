"""A small lake, written literally: two townships of one city, three villages and a community, funding of a year."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ingestion import lake_schemas
from ingestion.forms import load_forms
from ingestion.lake import write_table
from warehouse.build import build, manifest_path
from warehouse.build_results import BuildResult

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
FORMS = load_forms()
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where one warehouse of a test lies."""

    folder: Path

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    @property
    def register(self) -> Path:
        return self.folder / "register"

    @property
    def database(self) -> Path:
        return self.folder / "build" / "jiceng.duckdb"

    @property
    def log(self) -> Path:
        return self.folder / "logs"

    def write(self, folder: str, batch: str, schema: pa.Schema, rows: Sequence[Row]) -> None:
        table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
        write_table(self.lake / folder / f"{batch}.parquet", table)

    def land(self, batch: str, received_at: datetime, rows: Sequence[Row], *, period: str, period_end: date) -> None:
        """Land a file of one funding return: rows hold branch_code, branch_name and fiscal_transfer_yuan."""
        unit = {"reporting_unit_code": "219801100", "period": period, "period_end": period_end}
        file = {"batch_id": batch, "file_sha256": f"sha-{batch}", "file_name": f"{batch}.xlsx"}
        place = {"sheet_name": "运转经费", "table_number": 1, "form": "operating_funding"}
        self.write(
            "raw/operating_funding",
            batch,
            lake_schemas.raw_schema(FORMS.by_name["operating_funding"]),
            [
                {**file, **place, **unit, "row_number": number, "received_at": received_at, **row}
                | {"fiscal_transfer_state": "reported" if row["fiscal_transfer_yuan"] is not None else "missing"}
                for number, row in enumerate(rows, 5)
            ],
        )
        self.write(
            "tables", batch, lake_schemas.TABLES, [{**file, **place, **unit, "rows": len(rows), "outcome": "landed"}]
        )
        finding = {**file, **place, **unit, "cell": "C5", "row_number": 5, "branch_code": rows[0]["branch_code"]}
        words = {"text_zh": "约数", "text_en": "about", "remedy_zh": "改", "remedy_en": "mend"}
        self.write(
            "findings",
            batch,
            lake_schemas.FINDINGS,
            [{**finding, **words, "code": "value_approximate", "severity": "info", "owner": "财政局"}],
        )
        times = {"received_at": received_at, "read_at": received_at, "outcome": "landed"}
        self.write("files", batch, lake_schemas.FILES, [{**file, **times}])

    def write_register(self) -> None:
        town = {"township_code": "219801100", "township_name": "青石镇"} | _COUNTY
        other = {"township_code": "219801101", "township_name": "白沙镇"} | _COUNTY
        branches = [
            {"branch_code": "219801100201", "branch_name": "李家村", "kind": "village", **town},
            {"branch_code": "219801100202", "branch_name": "王家村", "kind": "village", **town},
            {"branch_code": "219801100001", "branch_name": "城东社区", "kind": "community", **town},
            {"branch_code": "219801101201", "branch_name": "赵家村", "kind": "village", **other},
        ]
        areas = [
            {"area_code": "21", "area_name": "某省", "level": "province", "parent_code": None},
            {"area_code": "2198", "area_name": "云州市", "level": "city", "parent_code": "21"},
            {"area_code": "219801", "area_name": "云溪县", "level": "county", "parent_code": "2198"},
            {"area_code": "219801100", "area_name": "青石镇", "level": "township", "parent_code": "219801"},
        ]
        for name, schema, rows in (
            ("branches", lake_schemas.BRANCHES, branches),
            ("areas", lake_schemas.AREAS, areas),
        ):
            write_table(self.register / f"{name}.parquet", pa.Table.from_pylist(rows, schema=schema))


_COUNTY = {
    "county_code": "219801",
    "county_name": "云溪县",
    "city_code": "2198",
    "city_name": "云州市",
    "province_code": "21",
}
Q4_2013 = {"period": "2013-Q4", "period_end": date(2013, 12, 31)}


def village(number: int, yuan: int | None) -> Row:
    return {"branch_code": f"2198011002{number:02d}", "branch_name": "村", "fiscal_transfer_yuan": yuan}


def fill(folder: Path) -> Place:
    """Villages 1 and 2 report the year 2013 in January; in March a correction of village 1 alone arrives."""
    place = Place(folder)
    place.write_register()
    place.land("b1", datetime(2014, 1, 10, tzinfo=UTC), [village(1, 60_000), village(2, 80_000)], **Q4_2013)
    place.land("b2", datetime(2014, 3, 5, tzinfo=UTC), [village(1, 72_500)], **Q4_2013)
    return place


@pytest.fixture(scope="session")
def dbt_project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, dbt_project: Path) -> tuple[Place, BuildResult]:
    """The literal lake, built once: not to be changed."""
    place = fill(tmp_path_factory.mktemp("built"))
    return place, build(dbt_project, place.lake, place.register, place.database, as_of=None, retry=False, log=place.log)


@pytest.fixture
def place(tmp_path: Path, built: tuple[Place, BuildResult]) -> Place:
    """The literal lake, not built yet; what dbt remembers of the project saves it half of its time."""
    place = fill(tmp_path)
    target = manifest_path(place.database).parent
    target.mkdir(parents=True)
    shutil.copy(manifest_path(built[0].database).with_name("partial_parse.msgpack"), target)
    return place


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published"
