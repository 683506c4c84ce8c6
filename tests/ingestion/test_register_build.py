"""The register from landed registers: what counts, what is refused, and what a killed or repeated build leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.findings import Severity
from ingestion.forms import load_forms
from ingestion.lake import write_schema_files, write_table
from ingestion.lake_errors import LakeError
from ingestion.lake_schemas import FILES, SHEETS, lake_schemas
from ingestion.register import Register, RegisterUpdate, build_register
from ingestion.register_files import (
    DIVISIONS,
    DIVISIONS_FILE,
    RegisterChange,
    RegisterError,
    clear_damaged,
    write,
)

FORMS = load_forms()
CAME = datetime(2014, 1, 10, tzinfo=UTC)
DAY = date(2014, 3, 31)
LETTERS = {"kind": "D", "township_code": "F", "valid_from": "G", "valid_to": "H", "successor_codes": "I"}


@dataclass
class Lake:
    """A lake in which registers are landed one after the other."""

    path: Path
    directory: Path
    came: datetime = field(default=CAME)

    def land(self, batch: str, *rows: Mapping[str, Any], sha256: str | None = None, file: bool = True) -> None:
        """Land a register of these rows as one batch, a day after the one before."""
        sha256 = sha256 or batch
        schema = lake_schemas(FORMS)["raw/register"]
        provenance = {
            "batch_id": batch,
            "file_sha256": sha256,
            "file_name": f"云溪县/{batch}.xlsx",
            "sheet_name": "名册",
        }
        landed = [
            {**provenance, "table_number": 1, "row_number": number, "received_at": self.came, **row}
            for number, row in enumerate(rows, 4)
        ]
        write_table(self.path / "raw" / "register" / f"{batch}.parquet", pa.Table.from_pylist(landed, schema))
        places = [
            {**provenance, "table_number": 1, "form": "register", "field": name, "column_letter": letter}
            for name, letter in LETTERS.items()
        ]
        write_table(self.path / "sheets" / f"{batch}.parquet", pa.Table.from_pylist(places, SHEETS))
        if file:
            self.read(batch, sha256)

    def read(self, batch: str, sha256: str) -> None:
        """Note that a batch holds the latest reading of a file."""
        self.came += timedelta(days=1)
        row = {"batch_id": batch, "file_sha256": sha256, "read_at": self.came, "outcome": "landed"}
        write_table(self.path / "files" / f"{batch}.parquet", pa.Table.from_pylist([row], FILES))

    def build(self) -> RegisterUpdate:
        return build_register(self.path, self.directory)

    def findings(self) -> list[tuple[str, str | None, str | None]]:
        rows = pq.read_table(self.directory / "findings.parquet").to_pylist()
        return [(row["code"], row["cell"], row["original"]) for row in rows]

    def branches(self) -> list[tuple[str, str, date, date | None]]:
        rows = pq.read_table(self.directory / "branches.parquet").to_pylist()
        return [(row["branch_code"], row["branch_name"], row["valid_from"], row["valid_to"]) for row in rows]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    write_schema_files(tmp_path / "lake", FORMS)
    return Lake(tmp_path / "lake", tmp_path / "register")


def village(number: int, name: str, **changes: Any) -> dict[str, Any]:
    """A landed row of the register, of a village in 青石镇."""
    row = {
        "branch_code": f"219801100{number}",
        "branch_name": name,
        "kind": "village",
        "city_name": "澜安市",
        "county_name": "云溪县",
        "township_name": "青石镇",
        "township_code": "219801100",
        "valid_from": date(2010, 1, 1),
        "reporting_unit_code": "219801",
    }
    return row | changes


def change(branches: int, new: int = 0, changed: int = 0, closed: int = 0, gone: int = 0) -> RegisterChange:
    return RegisterChange(branches, new, changed, closed, gone)


def test_register_is_what_the_counties_say(lake: Lake) -> None:
    lake.land(
        "b1",
        village(201, "李家村", households=300, population=900),
        village(202, "张家村", valid_to=date(2013, 12, 31), successor_codes="219801100201、219801100203"),
        village(203, "赵家村"),
        village(0, "", branch_code="91219801MA00000001", branch_name="恒禾公司党支部", kind="private_enterprise"),
    )
    assert lake.build() == RegisterUpdate(change(4, new=4))
    rows = pq.read_table(lake.directory / "branches.parquet").to_pylist()
    assert rows[0] == {
        "branch_code": "219801100201",
        "branch_name": "李家村",
        "kind": "village",
        "township_code": "219801100",
        "township_name": "青石镇",
        "county_code": "219801",
        "county_name": "云溪县",
        "city_code": "2198",
        "city_name": "澜安市",
        "province_code": "21",
        "valid_from": date(2010, 1, 1),
        "valid_to": None,
        "successor_codes": None,
        "households": 300,
        "population": 900,
    }
    assert [row["successor_codes"] for row in rows] == [None, "219801100201|219801100203", None, None]
    areas = pq.read_table(lake.directory / "areas.parquet").to_pylist()
    assert [tuple(area.values()) for area in areas] == [
        ("21", "辽宁省", "province", None),
        ("2198", "澜安市", "city", "21"),
        ("219801", "云溪县", "county", "2198"),
        ("219801100", "青石镇", "township", "219801"),
    ]
    register = Register.load(lake.directory)
    assert (len(register), [branch.name for branch in register.branches("219801100", DAY).all]) == (
        4,
        ["李家村", "赵家村", "恒禾公司党支部"],
    )
    assert lake.findings() == []


def test_register_without_anything_is_empty_and_can_be_queried(tmp_path: Path) -> None:
    assert build_register(tmp_path / "lake", tmp_path / "register") == RegisterUpdate(change(0))
    assert pq.read_table(tmp_path / "register" / "branches.parquet").num_rows == 0
    assert len(Register.load(tmp_path / "register")) == 0


def test_building_again_changes_nothing_and_writes_nothing(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村"))
    lake.build()
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in lake.directory.rglob("*.parquet")}
    assert lake.build() == RegisterUpdate(change(1))
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in before} == before


def test_what_is_sent_later_counts_and_the_change_is_told(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村"), village(202, "张家村"), village(203, "赵家村"))
    lake.build()
    lake.land(
        "b2",
        village(201, "李家村", households=301),
        village(202, "张家村", valid_to=date(2014, 1, 31)),
        village(204, "钱家村", valid_from=date(2014, 2, 1)),
    )
    assert lake.build() == RegisterUpdate(change(4, new=1, changed=1, closed=1))
    assert lake.branches() == [
        ("219801100201", "李家村", date(2010, 1, 1), None),
        ("219801100202", "张家村", date(2010, 1, 1), date(2014, 1, 31)),
        ("219801100203", "赵家村", date(2010, 1, 1), None),
        ("219801100204", "钱家村", date(2014, 2, 1), None),
    ]


def test_branch_under_a_new_name_ends_the_old_one(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村"))
    lake.build()
    lake.land("b2", village(201, "新李村", valid_from=date(2014, 1, 1)))
    assert lake.build() == RegisterUpdate(change(2, new=1, closed=1))
    assert lake.branches() == [
        ("219801100201", "李家村", date(2010, 1, 1), date(2013, 12, 31)),
        ("219801100201", "新李村", date(2014, 1, 1), None),
    ]
    assert lake.findings() == []


def test_last_day_after_the_next_name_begins_is_a_finding(lake: Lake) -> None:
    lake.land(
        "b1",
        village(201, "李家村", valid_to=date(2014, 6, 30)),
        village(201, "新李村", valid_from=date(2014, 1, 1)),
    )
    assert lake.build() == RegisterUpdate(change(2, new=2), findings={Severity.WARNING: 1})
    assert lake.findings() == [("register_dates_overlap", "H4", "2014-06-30")]
    assert lake.branches()[0] == ("219801100201", "李家村", date(2010, 1, 1), date(2013, 12, 31))


@pytest.mark.parametrize(
    ("changes", "code", "cell", "original"),
    [
        ({"branch_code": None}, "register_row_incomplete", None, None),
        ({"kind": None}, "register_row_incomplete", "D4", None),
        ({"county_name": None}, "register_row_incomplete", None, None),
        ({"valid_to": date(2009, 1, 1)}, "register_dates_impossible", "H4", "2010-01-01 — 2009-01-01"),
        ({"valid_from": date(1014, 1, 1)}, "register_dates_impossible", "G4", "1014-01-01 —"),
        ({"township_code": "219801"}, "register_parent_unknown", "F4", "219801"),
        ({"township_code": "219801101"}, "register_parent_unknown", "F4", "219801101"),
        ({"branch_code": "91219801MA00000001"}, "register_parent_unknown", "F4", "219801100"),
        ({"branch_code": "2198011002", "kind": "institution"}, "register_parent_unknown", "F4", "219801100"),
    ],
)
def test_row_that_cannot_be_is_left_out_with_its_reason(
    lake: Lake, changes: dict[str, Any], code: str, cell: str | None, original: str | None
) -> None:
    lake.land("b1", village(201, "李家村", **changes), village(202, "张家村"))
    assert lake.build() == RegisterUpdate(change(1, new=1), refused=1, findings={Severity.ERROR: 1})
    assert lake.findings() == [(code, cell, original)]
    assert lake.branches() == [("219801100202", "张家村", date(2010, 1, 1), None)]
    (row,) = pq.read_table(lake.directory / "findings.parquet").to_pylist()
    assert (row["file_name"], row["sheet_name"], row["row_number"], row["batch_id"]) == (
        "云溪县/b1.xlsx",
        "名册",
        4,
        "b1",
    )
    assert "李家村" in row["text_zh"]
    assert "李家村" in row["text_en"]


def test_refused_row_is_forgotten_once_its_branch_is_sent_right(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村", valid_from=date(2014, 1, 1), valid_to=date(2013, 1, 1)))
    assert lake.build().refused == 1
    lake.land("b2", village(201, "李家村", valid_from=date(2013, 1, 1)))
    assert lake.build() == RegisterUpdate(change(1, new=1))
    assert lake.findings() == []


def test_unknown_successor_is_kept_and_told(lake: Lake) -> None:
    lake.land(
        "b1",
        village(201, "李家村", valid_to=date(2013, 12, 31), successor_codes="219801100299，219801100202"),
        village(202, "张家村"),
    )
    assert lake.build() == RegisterUpdate(change(2, new=2), findings={Severity.WARNING: 1})
    assert lake.findings() == [("register_successor_unknown", "I4", "219801100299")]


def test_area_under_two_names_takes_the_one_sent_last(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村", township_name="青石乡"), village(202, "张家村", township_name="青石乡"))
    lake.land("b2", village(202, "张家村", township_name="青 石　镇"))
    assert lake.build().findings == {Severity.WARNING: 1}
    assert lake.findings() == [("register_area_names_differ", None, "青石乡、青石镇")]
    names = {row["township_name"] for row in pq.read_table(lake.directory / "branches.parquet").to_pylist()}
    assert names == {"青石镇"}


def test_only_the_latest_reading_of_a_file_counts(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村"), village(202, "张家村"), sha256="same")
    lake.land("b2", village(201, "李家村"), sha256="same")
    lake.land("b3", village(203, "赵家村"), file=False)  # killed before the batch counted
    lake.build()
    assert [name for _, name, *_ in lake.branches()] == ["李家村"]


def test_branch_no_longer_claimed_is_gone_and_told(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村"), village(202, "张家村"), sha256="same")
    lake.build()
    lake.land("b2", village(201, "李家村"), sha256="same")
    assert lake.build() == RegisterUpdate(change(1, gone=1))


def test_rows_of_an_older_spec_lack_columns(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村"))
    path = lake.path / "raw" / "register" / "b1.parquet"
    write_table(path, pq.read_table(path).drop_columns(["population", "population_state"]))
    assert lake.build() == RegisterUpdate(change(1, new=1))


def test_first_day_that_was_not_told_is_long_ago(lake: Lake) -> None:
    lake.land("b1", village(201, "李家村", valid_from=None))
    lake.build()
    assert lake.branches() == [("219801100201", "李家村", date(1949, 10, 1), None)]


def test_county_register_outweighs_the_imported_divisions(lake: Lake) -> None:
    divisions = [
        {
            "branch_code": "219801100201",
            "branch_name": "李家村委会",
            "kind": "village",
            "valid_from": date(1949, 10, 1),
        },
        {
            "branch_code": "219801100202",
            "branch_name": "张家村委会",
            "kind": "village",
            "valid_from": date(1949, 10, 1),
        },
    ]
    table = pa.Table.from_pylist(divisions, DIVISIONS)
    write(lake.directory / DIVISIONS_FILE, table.to_batches(), DIVISIONS)
    lake.land("b1", village(201, "李家村", valid_to=date(2013, 12, 31), successor_codes="219801100202"))
    assert lake.build() == RegisterUpdate(change(2, new=2))
    assert lake.branches() == [
        ("219801100201", "李家村", date(2010, 1, 1), date(2013, 12, 31)),
        ("219801100202", "张家村委会", date(1949, 10, 1), None),
    ]


@pytest.mark.parametrize(
    "lost",
    [["branches.parquet"], ["areas.parquet", "branches.parquet"], ["findings.parquet", "branches.parquet"], None],
)
def test_build_killed_at_any_file_is_completed_by_the_next(lake: Lake, lost: list[str] | None) -> None:
    """Files are written sources first and branches last: the later ones may be missing, or still the old ones."""
    lake.land("b1", village(201, "李家村", kind=None), village(202, "张家村"))
    lake.build()
    lake.land("b2", village(203, "赵家村"))
    old = {
        name: (lake.directory / name).read_bytes() for name in ("branches.parquet", "areas.parquet", "findings.parquet")
    }
    lake.build()
    whole = {path: path.read_bytes() for path in lake.directory.rglob("*.parquet")}
    for name in lost or ["sources/returned.parquet"]:
        path = lake.directory / name
        if name in old:
            path.write_bytes(old[name])
        else:
            path.unlink()
    lake.build()
    assert {path: path.read_bytes() for path in lake.directory.rglob("*.parquet")} == whole


def test_register_lives_in_a_folder_of_any_name(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "[数据] *?'湖", tmp_path / "[名册] *?'")
    write_schema_files(lake.path, FORMS)
    lake.land("b1", village(201, "李家村"))
    assert lake.build() == RegisterUpdate(change(1, new=1))
    lake.land("b2", village(202, "张家村"))
    assert lake.build() == RegisterUpdate(change(2, new=1))


@pytest.mark.parametrize("name", ["branches.parquet", "areas.parquet", "findings.parquet", "sources/returned.parquet"])
@pytest.mark.parametrize("is_lost", [True, False])
def test_file_of_the_register_that_is_lost_or_damaged_is_made_anew(lake: Lake, name: str, is_lost: bool) -> None:
    lake.land("b1", village(201, "李家村"), village(202, "张家村", kind="没有的类型"))
    lake.build()
    before = {path: path.read_bytes() for path in lake.directory.rglob("*.parquet")}
    path = lake.directory / name
    if is_lost:
        path.unlink()
    else:
        path.write_bytes(before[path][:100])
    clear_damaged(lake.directory)
    lake.build()
    assert {path: path.read_bytes() for path in lake.directory.rglob("*.parquet")} == before


def test_divisions_that_are_damaged_are_told_to_be_imported_again(lake: Lake) -> None:
    path = lake.directory / DIVISIONS_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no Parquet")
    with pytest.raises(RegisterError, match="重新运行 jiceng register import"):
        clear_damaged(lake.directory)
    assert path.exists()


@pytest.mark.parametrize("folder", ["files", "raw/register"])
def test_damaged_lake_is_told_with_its_remedy(lake: Lake, folder: str) -> None:
    lake.land("b1", village(201, "李家村"))
    (lake.path / folder / "b1.parquet").write_bytes(b"no Parquet")
    with pytest.raises(LakeError, match=r"请运行 jiceng rebuild --lake .* b1\.parquet"):
        lake.build()
