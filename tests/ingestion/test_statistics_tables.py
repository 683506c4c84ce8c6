"""The reader on tables we did not write: the statistics bureau's downloads, by two YAML files and no Python.

Every value is compared with an independent reading of the same files, by the csv module and rules written out here.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from ingestion.forms import Forms, load_forms
from ingestion.reading import read_workbook
from ingestion.records import Reading, Source
from ingestion.register import Register

PROJECT = Path(__file__).resolve().parents[2]
TABLES = Path(os.environ.get("JICENG_SHARED", PROJECT.parent / "shared")) / "corpus" / "chinese_tables"
DOWNLOADS = sorted(path for path in TABLES.glob("分省年度数据*.csv") if "整合" not in path.name)
PANEL = TABLES / "分省年度数据_整合.csv"
BUDGETS = TABLES / "一般公共预算等.xls"

pytestmark = pytest.mark.skipif(not DOWNLOADS, reason=f"the corpus of tables is not at {TABLES}")

Values = dict[tuple[str, str], float | None]


@pytest.fixture(scope="module")
def statistics_forms() -> Forms:
    return load_forms(Path(__file__).parent / "statistics_forms")


def read(path: Path, forms: Forms) -> Reading:
    return read_workbook(path.read_bytes(), Source(path.name), forms, Register())


def number(text: str) -> float | None:
    return float(text) if text.strip() else None


def by_hand(path: Path) -> tuple[str, str, Values]:
    """Indicator, unit and the value of every area and year; provinces end in 省, 市 or 区, years in 年."""
    rows = list(csv.reader(path.read_text(encoding="gb18030").splitlines()))
    indicator, _, unit = rows[1][0].removeprefix("指标：").removesuffix(")").rpartition("(")
    (header,) = (row for row in rows if row[0] == "地区")
    areas = [row for row in rows if row[0].endswith(("省", "市", "区")) and len(row) == len(header) and row != header]
    values = {
        (row[0], year.removesuffix("年")): number(cell)
        for row in areas
        for year, cell in zip(header[1:], row[1:], strict=True)
    }
    return indicator, unit, values


@pytest.mark.parametrize("path", DOWNLOADS, ids=lambda path: path.name)
def test_every_value_of_a_download_is_read(path: Path, statistics_forms: Forms) -> None:
    reading = read(path, statistics_forms)
    indicator, unit, expected = by_hand(path)
    found = {
        (name, records.period.name if records.period else ""): value
        for records in reading.records
        for name, value in zip(records.branch_names, records.values["value"], strict=True)
    }
    assert len(expected) == 31 * len(reading.records) > 580
    assert found == expected
    assert reading.findings == []
    assert {(r.constants["indicator"], r.constants["indicator_unit"]) for r in reading.records} == {(indicator, unit)}


@pytest.mark.parametrize("path", DOWNLOADS, ids=lambda path: path.name)
def test_every_value_of_a_download_can_be_traced_to_its_cell(path: Path, statistics_forms: Forms) -> None:
    reading = read(path, statistics_forms)
    lines = list(csv.reader(path.read_text(encoding="gb18030").splitlines()))
    letters = {place.period: place.column_letter for table in reading.places for place in table.places}
    for records in reading.records:
        assert records.period is not None
        column = ord(letters[records.period.name]) - ord("A")
        cells = [number(lines[row - 1][column]) for row in records.row_numbers]
        assert cells == records.values["value"]


def test_every_value_of_the_panel_is_read(statistics_forms: Forms) -> None:
    reading = read(PANEL, statistics_forms)
    rows = list(csv.DictReader(PANEL.read_text(encoding="utf-8-sig").splitlines()))
    labels = {column.name: column.label for column in statistics_forms.by_name["provincial_panel"].columns}
    found = {
        (name, records.period.name if records.period else "", labels[field]): value
        for records in reading.records
        for field, values in records.values.items()
        for name, value in zip(records.branch_names, values, strict=True)
    }
    expected = {
        (row["地区"], row["年份"], label): number(row[label])
        for row in rows
        for label in row
        if label not in ("地区", "年份")
    }
    assert len(expected) == 620 * 21
    assert found == expected
    assert reading.findings == []


def test_table_whose_columns_have_no_names_is_a_finding_not_a_guess(statistics_forms: Forms) -> None:
    reading = read(BUDGETS, statistics_forms)
    assert [(f.code, f.sheet_name, f.cell, f.original) for f in reading.findings] == [
        ("sheet_not_recognised", "Sheet1", "B2", "一般公共预算支出（亿元）i"),
        ("no_return_found", None, None, None),
    ]
    assert reading.records == []


def test_download_without_its_indicator_waits_in_quarantine(statistics_forms: Forms) -> None:
    content = "数据库：分省年度数据\r\n地区,2014年,2013年\r\n北京市,1.5,1.4\r\n".encode("gb18030")
    reading = read_workbook(content, Source("分省年度数据.csv"), statistics_forms, Register())
    assert [(f.code, f.text_zh()) for f in reading.findings] == [
        ("indicator_missing", "表上没有写明“指标”，本表进入待处理区")
    ]
    assert (reading.records, [row.branch_name for row in reading.quarantine]) == ([], ["北京市", "北京市"])


def test_file_that_is_neither_utf8_nor_gb18030_says_so(statistics_forms: Forms) -> None:
    content = "地区,2014年\r\n".encode("gb18030") + b"\xff\xff,1\r\n"
    reading = read_workbook(content, Source("分省年度数据.csv"), statistics_forms, Register())
    assert [f.text_en() for f in reading.findings] == ["The file cannot be opened: neither UTF-8 nor GB18030 text"]
