"""What is found in a file that was not read is told to the township of its folder; an empty file is empty for each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingestion.archive import archived_path
from ingestion.forms import Forms
from ingestion.landing import read_and_land
from ingestion.ledger_records import ReceivedFile
from ingestion.reading import read_workbook
from ingestion.readings import latest_readings
from ingestion.records import Source
from ingestion.register import Register

MOMENT = datetime(2014, 4, 3, 1, 30, tzinfo=UTC)
QINGSHI, BAISHUI = "云溪县/青石镇/报表.xlsx", "云溪县/白水乡/报表.xlsx"
FUNDING = [
    ["2014年第一季度村级组织运转经费统计表"],
    ["填报单位：白水乡", "", "单位：万元"],
    ["村名", "财政转移支付", "党建工作经费", "其他补助"],
    ["李家村", 1.5, 0.5, 0],
]


@pytest.mark.parametrize(
    ("sheet", "file_name", "told"),
    [
        pytest.param(None, QINGSHI, [("file_kind_unknown", "219801100")], id="no workbook"),
        pytest.param(
            [["学习安排"], ["上旬", "集中学习"]],
            QINGSHI,
            [("sheet_not_recognised", "219801100"), ("no_return_found", "219801100")],
            id="no return",
        ),
        pytest.param(FUNDING, QINGSHI, [("reporter_conflict", "219801100")], id="another unit on the sheet"),
        pytest.param(None, "云溪县/报表.xlsx", [("file_kind_unknown", None)], id="a county's folder"),
        pytest.param(None, "报表.xlsx", [("file_kind_unknown", None)], id="no folder"),
    ],
)
def test_findings_of_what_was_not_read_go_to_the_township_of_the_folder(
    xlsx: Callable[..., bytes],
    forms: Forms,
    register: Register,
    sheet: list[list[object]] | None,
    file_name: str,
    told: list[tuple[str, str | None]],
) -> None:
    content = "报表随后补报".encode() if sheet is None else xlsx(("Sheet1", sheet))
    reading = read_workbook(content, Source(file_name), forms, register)
    assert [(finding.code, finding.reporting_unit_code) for finding in reading.findings] == told


def test_empty_file_is_empty_under_every_name_it_came_under(tmp_path: Path, forms: Forms, register: Register) -> None:
    sha256 = hashlib.sha256(b"").hexdigest()
    archived = archived_path(tmp_path / "archive", sha256)
    archived.parent.mkdir(parents=True)
    archived.write_bytes(b"")
    file = ReceivedFile(sha256, QINGSHI, ".xlsx", 0, MOMENT, MOMENT, "20140403T013000Z", other_names=(BAISHUI,))
    read_and_land([file], tmp_path / "archive", tmp_path / "lake", forms, register, read_at=MOMENT)
    (path,) = (tmp_path / "lake" / "findings").glob("[!_]*.parquet")
    assert [
        (row["file_name"], row["code"], row["reporting_unit_code"], row["text_zh"], row["remedy_zh"])
        for row in pq.read_table(path).to_pylist()
    ] == [
        (QINGSHI, "file_empty", "219801100", "文件是空的", "请重新导出并报送"),
        (BAISHUI, "file_empty", "219801200", "文件是空的", "请重新导出并报送"),
    ]
    assert latest_readings(tmp_path / "lake")[sha256].other_names == (BAISHUI,)
