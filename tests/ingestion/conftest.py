"""A small register of invented places, and workbooks made of literal rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from ingestion.areas import Area
from ingestion.branches import Branch
from ingestion.forms import Forms, load_forms
from ingestion.ledger import Ledger
from ingestion.reading import read_workbook
from ingestion.records import Reading, Source
from ingestion.register import Register
from tests.ingestion.taking_in import TakesIn

COMPANY = "91210000MA0ABCDE1X"
Rows = Sequence[Sequence[object]]


@pytest.fixture(scope="session")
def forms() -> Forms:
    return load_forms()


@pytest.fixture(scope="session")
def register() -> Register:
    """云溪县 with 青石镇 (three villages, a community, a company) and 白水乡 (two villages, one of the same name)."""
    county, stone, water = "219801", "219801100", "219801200"
    areas = [
        Area("21", "辽宁省", "province", None),
        Area("2198", "东平市", "city", "21"),
        Area(county, "云溪县", "county", "2198"),
        Area(stone, "青石镇", "township", county),
        Area(water, "白水乡", "township", county),
    ]
    branches = [
        Branch("219801100001", "和平社区", "community", stone, "青石镇"),
        Branch("219801100201", "李家村", "village", stone, "青石镇"),
        Branch("219801100202", "王家村", "village", stone, "青石镇"),
        Branch("219801100203", "张家村", "village", stone, "青石镇"),
        Branch("219801200201", "李家村", "village", water, "白水乡"),
        Branch("219801200202", "赵家村", "village", water, "白水乡"),
        Branch("219801200203", "新立村", "village", water, "白水乡", valid_from=date(2014, 7, 1)),
        Branch(COMPANY, "绿源公司党支部", "private_enterprise", stone, "青石镇"),
    ]
    return Register(branches, areas)


def write_xlsx(*sheets: tuple[str, Rows], merges: Sequence[str] = ()) -> bytes:
    """A workbook of the given sheets; `merges` are ranges of the first sheet whose cells keep the first one's text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, (name, rows) in enumerate(sheets):
        sheet = book.add_worksheet(name)
        for r, cells in enumerate(rows):
            for c, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, cell, day)
                elif isinstance(cell, str) and cell.startswith("="):
                    formula, _, value = cell.partition("→")
                    sheet.write_formula(r, c, formula, None, value)
                elif cell is not None and cell != "":
                    sheet.write(r, c, cell)
        for merge in merges if number == 0 else ():
            first = merge.split(":")[0]
            column, row = ord(first[0]) - 65, int(first[1:]) - 1
            text = rows[row][column]
            sheet.merge_range(merge, "" if text is None else text)
    book.close()
    return buffer.getvalue()


@pytest.fixture(scope="session")
def xlsx() -> Callable[..., bytes]:
    """Writes literal sheets as a workbook."""
    return write_xlsx


@pytest.fixture
def read_file(forms: Forms, register: Register) -> Callable[..., Reading]:
    """Read bytes as a file of 青石镇."""

    def read(content: bytes, file_name: str = "云溪县/青石镇/报表.xlsx", other: Register | None = None) -> Reading:
        return read_workbook(content, Source(file_name), forms, other or register)

    return read


@pytest.fixture
def read_rows(read_file: Callable[..., Reading]) -> Callable[..., Reading]:
    """Read literal rows as the only sheet of a workbook of 青石镇."""

    def read(
        rows: Rows, *, sheet: str = "Sheet1", file_name: str = "云溪县/青石镇/报表.xlsx", merges: Sequence[str] = ()
    ) -> Reading:
        return read_file(write_xlsx((sheet, rows), merges=merges), file_name)

    return read


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


@pytest.fixture
def intake(inbox: Path, archive: Path, ledger: Ledger) -> TakesIn:
    return TakesIn(inbox, archive, ledger)
