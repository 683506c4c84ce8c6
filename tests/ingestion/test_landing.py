"""What landing leaves in the lake, and that it can be done again and be killed."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ingestion.archive import archived_path
from ingestion.forms import Forms
from ingestion.lake import clear_leftovers
from ingestion.lake_schemas import lake_schemas
from ingestion.landing import Landed, read_and_land
from ingestion.ledger_records import ReceivedFile
from ingestion.register import Register

MOMENT = datetime(2014, 4, 3, 1, 30, tzinfo=UTC)
TITLE = "青石镇2014年第一季度村级组织运转经费统计表"
HEADER = ("序号", "村名", "财政转移支付", "党建工作经费", "其他补助")
ROWS: Sequence[Sequence[object]] = [
    [TITLE],
    ["填报单位：青石镇", "", "", "", "单位：万元"],
    HEADER,
    (1, "李家村", 1.5, 0.5, "无"),
    (2, "王家村", 0, 0.4, "x"),
    (3, "张佳村", 1.1, 0.3, 0.1),
    ("合计", "", 2.6, 1.2, 0.1),
]

Land = Callable[..., Landed]
Xlsx = Callable[..., bytes]


class Files:
    """Files put into an archive, as intake leaves them."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive

    def put(self, content: bytes, file_name: str, *other_names: str) -> ReceivedFile:
        sha256 = hashlib.sha256(content).hexdigest()
        path = archived_path(self.archive, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        suffix = Path(file_name).suffix
        return ReceivedFile(
            sha256, file_name, suffix, len(content), MOMENT, MOMENT, "20140403T013000Z", other_names=other_names
        )


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "archive")


@pytest.fixture
def land(tmp_path: Path, forms: Forms, register: Register) -> Land:
    def run(received: Sequence[ReceivedFile], read_at: datetime = MOMENT) -> Landed:
        return read_and_land(received, tmp_path / "archive", tmp_path / "lake", forms, register, read_at=read_at)

    return run


def rows_of(lake: Path, folder: str) -> list[dict[str, Any]]:
    return [
        row
        for path in sorted((lake / folder).glob("*.parquet"))
        if not path.name.startswith("_")
        for row in pq.read_table(path).to_pylist()
    ]


def test_rows_of_a_period_after_the_day_of_receipt_wait_in_quarantine(
    tmp_path: Path, files: Files, land: Land, xlsx: Xlsx
) -> None:
    ahead = [[TITLE.replace("2014", "2031")], *ROWS[1:]]
    landed = land([files.put(xlsx(("运转经费", ahead)), "云溪县/青石镇/报表.xlsx")])
    assert (landed.rows, landed.quarantined_rows) == (0, 3)
    kept = rows_of(tmp_path / "lake", "quarantine")
    assert [(row["row_number"], row["period"], row["code"]) for row in kept] == [
        (number, "2031-Q1", "period_not_begun") for number in (4, 5, 6)
    ]


def test_row_is_landed_with_its_provenance_values_and_states(
    tmp_path: Path, files: Files, land: Land, xlsx: Xlsx, forms: Forms, register: Register
) -> None:
    file = files.put(xlsx(("运转经费", ROWS)), "云溪县/青石镇/2014年3月报表.xlsx")
    landed = land([file])
    first, second = rows_of(tmp_path / "lake", "raw/operating_funding")
    assert first == {
        "batch_id": landed.batch_id,
        "file_sha256": file.sha256,
        "file_name": "云溪县/青石镇/2014年3月报表.xlsx",
        "sheet_name": "运转经费",
        "table_number": 1,
        "row_number": 4,
        "reporting_unit_code": "219801100",
        "branch_code": "219801100201",
        "branch_name": "李家村",
        "period": "2014-Q1",
        "period_end": date(2014, 3, 31),
        "received_at": MOMENT,
        "form_version": 1,
        "fiscal_transfer_yuan": Decimal("15000.00"),
        "fiscal_transfer_state": "reported",
        "party_work_subsidy_yuan": Decimal("5000.00"),
        "party_work_subsidy_state": "reported",
        "other_subsidy_yuan": None,
        "other_subsidy_state": "nil",
        "collective_income_yuan": None,
        "collective_income_state": "missing",
        "total_yuan": None,
        "total_state": "missing",
        "operating_spend_yuan": None,
        "operating_spend_state": "missing",
        "staff_pay_yuan": None,
        "staff_pay_state": "missing",
        "debt_balance_yuan": None,
        "debt_balance_state": "missing",
    }
    assert (second["fiscal_transfer_yuan"], second["fiscal_transfer_state"]) == (Decimal("0.00"), "zero")
    assert (second["other_subsidy_yuan"], second["other_subsidy_state"]) == (None, "unread")
    assert (landed.files, landed.rows, landed.quarantined_rows) == (1, 2, 1)
    (outcome,) = landed.outcomes
    assert (outcome.sha256, outcome.forms_version, outcome.register_version) == (
        file.sha256,
        forms.version,
        register.version,
    )
    assert (outcome.open_register_findings, outcome.rejected_because) == (True, None)


def test_rejected_file_is_read_again_once_another_register_may_know_whose_it_is(
    tmp_path: Path, files: Files, land: Land, forms: Forms, register: Register
) -> None:
    """Its folder says whose it is, and only the register knows the folder."""
    file = files.put(b"PK", "云溪县/青石镇/报表.xlsx")
    empty = read_and_land([file], tmp_path / "archive", tmp_path / "lake", forms, Register(), read_at=MOMENT)
    assert [outcome.open_register_findings for outcome in (*empty.outcomes, *land([file]).outcomes)] == [True, False]


def test_findings_quarantine_tables_and_files_are_landed(
    tmp_path: Path, files: Files, land: Land, xlsx: Xlsx, forms: Forms, register: Register
) -> None:
    file = files.put(xlsx(("运转经费", ROWS)), "云溪县/青石镇/2014年3月报表.xlsx")
    batch_id = land([file]).batch_id
    lake = tmp_path / "lake"
    found = {(row["code"], row["cell"], row["branch_name"]): row for row in rows_of(lake, "findings")}
    assert set(found) == {
        ("branch_missing", None, "张家村"),
        ("branch_unknown", "B6", "张佳村"),
        ("value_not_number", "E5", "王家村"),
    }
    assert found["value_not_number", "E5", "王家村"] == {
        "batch_id": batch_id,
        "file_sha256": file.sha256,
        "file_name": "云溪县/青石镇/2014年3月报表.xlsx",
        "sheet_name": "运转经费",
        "cell": "E5",
        "row_number": 5,
        "form": "operating_funding",
        "field": "other_subsidy",
        "period": "2014-Q1",
        "reporting_unit_code": "219801100",
        "branch_code": "219801100202",
        "branch_name": "王家村",
        "code": "value_not_number",
        "severity": "error",
        "owner": "财政局",
        "original": "x",
        "text_zh": "“其他补助”应为数字",
        "text_en": "“其他补助” should be a number",
        "remedy_zh": "请改为数字；没有请填 0，不适用请填“无”",
        "remedy_en": "Write a number; 0 if there is none, 无 if it does not apply",
    }
    (row,) = rows_of(lake, "quarantine")
    assert (row["row_number"], row["branch_name"], row["code"]) == (6, "张佳村", "branch_unknown")
    assert row["cells"] == '{"A": "3", "B": "张佳村", "C": "1.1", "D": "0.3", "E": "0.1"}'
    (table,) = rows_of(lake, "tables")
    assert (table["header_row"], table["first_row"], table["last_row"], table["rows"]) == (3, 4, 7, 2)
    assert (table["period"], table["period_end"], table["outcome"]) == ("2014-Q1", date(2014, 3, 31), "landed")
    (read,) = rows_of(lake, "files")
    assert read == {
        "batch_id": batch_id,
        "file_sha256": file.sha256,
        "file_name": "云溪县/青石镇/2014年3月报表.xlsx",
        "received_at": MOMENT,
        "read_at": MOMENT,
        "modified_at": MOMENT,
        "outcome": "landed",
        "reason": None,
        "rows": 2,
        "quarantined_rows": 1,
        "findings": 3,
        "forms_version": forms.version,
        "register_version": register.version,
    }


def test_every_value_can_be_traced_to_its_cell(tmp_path: Path, files: Files, land: Land, xlsx: Xlsx) -> None:
    land([files.put(xlsx(("运转经费", ROWS)), "云溪县/青石镇/2014年3月报表.xlsx")])
    lake = tmp_path / "lake"
    places = {row["field"]: row for row in rows_of(lake, "sheets")}
    assert {name: (row["column_letter"], row["header_text"], row["unit"]) for name, row in places.items()} == {
        "fiscal_transfer": ("C", "财政转移支付", "万元"),
        "party_work_subsidy": ("D", "党建工作经费", "万元"),
        "other_subsidy": ("E", "其他补助", "万元"),
    }
    first = rows_of(lake, "raw/operating_funding")[0]
    assert ROWS[first["row_number"] - 1]["ABCDE".index(places["fiscal_transfer"]["column_letter"])] == 1.5


def test_every_row_of_the_sheet_is_accounted_for(tmp_path: Path, files: Files, land: Land, xlsx: Xlsx) -> None:
    land([files.put(xlsx(("运转经费", ROWS)), "云溪县/青石镇/2014年3月报表.xlsx")])
    lake = tmp_path / "lake"
    seen = {row["row_number"] for folder in ("raw/operating_funding", "quarantine") for row in rows_of(lake, folder)}
    for rows in rows_of(lake, "ignored"):
        seen.update(range(rows["first_row"], rows["last_row"] + 1))
    assert seen == set(range(1, len(ROWS) + 1))


def test_same_bytes_for_two_months_are_an_error_not_a_copy(
    tmp_path: Path, files: Files, land: Land, xlsx: Xlsx
) -> None:
    rows = [
        ["青石镇村级组织运转经费统计表"],
        ["单位：万元"],
        ["村名", "财政转移支付", "党建工作经费"],
        *[[name, 1.5, 0.5] for name in ("李家村", "王家村", "张家村")],
    ]
    first, second = "云溪县/青石镇/2014年第一季度.xlsx", "云溪县/青石镇/2014年第二季度.xlsx"
    land([files.put(xlsx(("运转经费", rows)), first, second)])
    (row,) = rows_of(tmp_path / "lake", "findings")
    told = ("file_name", "code", "severity", "cell", "original", "form", "period", "reporting_unit_code")
    assert [row[name] for name in told] == [
        second,
        "same_file_other_return",
        "error",
        None,
        None,
        "operating_funding",
        "2014-Q2",
        "219801100",
    ]
    assert row["text_zh"] == (
        f"与“{first}”内容完全相同，同样的内容只按那份读一次（青石镇 2014-Q1）；"
        "按本文件的文件夹和文件名应是 青石镇 2014-Q2，没有入库"
    )
    assert row["text_en"] == (
        f"The same bytes as “{first}”, and bytes are read once, under that name (青石镇 2014-Q1); "
        "by its own folder and name this file is 青石镇 2014-Q2, which was not landed"
    )
    assert row["remedy_zh"] == (
        "若确是 青石镇 2014-Q2 的数，请在表内标题写明报告期和填报单位后重新报送；"
        "若误报了旧表，请报送 青石镇 2014-Q2 的表"
    )
    assert row["remedy_en"] == (
        "If these are the figures of 青石镇 2014-Q2, state period and reporting unit in the title and send it again; "
        "if an old file was sent by mistake, send that of 青石镇 2014-Q2"
    )
    assert {row["period"] for row in rows_of(tmp_path / "lake", "raw/operating_funding")} == {"2014-Q1"}


def test_same_bytes_under_another_name_are_told(tmp_path: Path, files: Files, land: Land, xlsx: Xlsx) -> None:
    land([files.put(xlsx(("运转经费", ROWS)), "云溪县/青石镇/a.xlsx", "云溪县/青石镇/a - 副本.xlsx")])
    (row,) = (row for row in rows_of(tmp_path / "lake", "findings") if row["code"] == "same_file_elsewhere")
    assert (row["file_name"], row["text_zh"]) == (
        "云溪县/青石镇/a - 副本.xlsx",
        "与“云溪县/青石镇/a.xlsx”内容完全相同，只作为后者入库",
    )


def test_rejected_file_is_recorded_with_its_reason(tmp_path: Path, files: Files, land: Land) -> None:
    landed = land([files.put("请稍候".encode(), "云溪县/青石镇/说明.xlsx")])
    (row,) = rows_of(tmp_path / "lake", "files")
    assert (row["outcome"], row["rows"]) == ("rejected", 0)
    assert row["reason"] == (
        "不是表格文件：后缀是“.xlsx”，内容却不是表格 · "
        "Not a spreadsheet: the suffix is “.xlsx”, but the content is no spreadsheet"
    )
    assert landed.outcomes[0].rejected_because == row["reason"]


def test_reading_the_same_batch_again_replaces_it(tmp_path: Path, files: Files, land: Land, xlsx: Xlsx) -> None:
    lake = tmp_path / "lake"
    received = [
        files.put(xlsx(("运转经费", ROWS)), "云溪县/青石镇/a.xlsx"),
        files.put(xlsx(("甲", [["x"]])), "云溪县/青石镇/b.xlsx"),
    ]
    first = land(received)
    before = {path.relative_to(lake): path.read_bytes() for path in lake.rglob("*.parquet")}
    second = land(received[::-1])
    after = {path.relative_to(lake) for path in lake.rglob("*.parquet")}
    assert (first.batch_id, set(before)) == (second.batch_id, after)
    assert len(rows_of(lake, "files")) == 2
    land(received)
    assert {path.relative_to(lake): path.read_bytes() for path in lake.rglob("*.parquet")} == before


def test_every_folder_can_be_queried_before_the_first_return(tmp_path: Path, land: Land, forms: Forms) -> None:
    land([])
    for folder, schema in lake_schemas(forms).items():
        assert pq.read_schema(tmp_path / "lake" / folder / "_schema.parquet").equals(schema)
        assert rows_of(tmp_path / "lake", folder) == []


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from ingestion import lake
from ingestion.forms import load_forms
from ingestion.landing import read_and_land
from ingestion.ledger_records import ReceivedFile
from ingestion.register import Register

root, sha256, steps = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
replace = Path.replace

def replace_some(self, target):
    global steps
    if not str(target).endswith("_schema.parquet"):
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        steps -= 1
    return replace(self, target)

Path.replace = replace_some
moment = datetime(2014, 4, 3, 1, 30, tzinfo=UTC)
file = ReceivedFile(sha256, "云溪县/青石镇/a.xlsx", ".xlsx", 1, moment, moment, "r")
read_and_land([file], root / "archive", root / "lake", load_forms(), Register(), read_at=moment)
"""


@pytest.mark.parametrize("steps", [0, 1, 4])
def test_batch_killed_while_it_is_written_does_not_count_and_can_be_repeated(
    tmp_path: Path, files: Files, xlsx: Xlsx, forms: Forms, steps: int
) -> None:
    file = files.put(xlsx(("运转经费", ROWS)), "云溪县/青石镇/a.xlsx")
    project = Path(__file__).resolve().parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), file.sha256, str(steps)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        check=False,
    )
    lake = tmp_path / "lake"
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert rows_of(lake, "files") == []
    read_and_land([file], tmp_path / "archive", lake, forms, Register(), read_at=MOMENT)
    assert len(rows_of(lake, "files")) == 1
    assert len(rows_of(lake, "tables")) == 1


def test_what_a_killed_read_left_half_written_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "lake" / "raw" / "venue"
    folder.mkdir(parents=True)
    names = (".0123456789abcdef.parquet.4711.tmp", ".fedcba9876543210.parquet.12.tmp", "0123456789abcdef.parquet")
    for name in names:
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (MOMENT.timestamp(), MOMENT.timestamp()))
    os.utime(folder / names[1], (MOMENT.timestamp() + 60, MOMENT.timestamp() + 60))
    assert clear_leftovers(tmp_path / "lake", MOMENT + timedelta(seconds=30)) == 1
    assert {path.name for path in folder.iterdir()} == set(names[1:])
    assert clear_leftovers(tmp_path / "no lake yet", MOMENT) == 0
