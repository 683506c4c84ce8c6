"""Error cells are found in the part that holds the sheet, whatever it is called and however the workbook says so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from ingestion.sheet_parts import sheet_parts
from ingestion.workbook import ErrorValue, open_workbook
from tests.ingestion.conftest import write_xlsx

SHEET, WORKBOOK, RELATIONS = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ERRORS = [["王家村", ErrorValue("#REF!")]]


def same(name: str, part: bytes) -> tuple[str, bytes]:
    return name, part


def moved(name: str, part: bytes) -> tuple[str, bytes]:
    return name.replace(SHEET, "xl/tabs/two.data"), part.replace(b"worksheets/sheet2.xml", b"tabs/two.data")


def in_single_quotes(name: str, part: bytes) -> tuple[str, bytes]:
    return name, part.replace(b'"', b"'") if name in (WORKBOOK, RELATIONS) else part


def shared(name: str, part: bytes) -> tuple[str, bytes]:
    return name, part.replace(b"sheet1.xml", b"sheet2.xml") if name == RELATIONS else part


def changed(change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    content = write_xlsx(("甲", [["x"]]), ("乙 & 丙", [["王家村", "=REF→#REF!"]]))
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(*change(name, source.read(name)))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        moved,
        in_single_quotes,
        lambda name, part: (name.replace(SHEET, "xl/Worksheets/Sheet2.XML"), part),
        lambda name, part: (name.replace(WORKBOOK, "xl/Workbook.xml"), part),
        lambda name, part: (name.replace("/", "\\"), part),
        lambda name, part: (name, part.replace(b'"worksheets/', b'"/xl/worksheets/')),
    ],
    ids=["moved", "single quotes", "capitals", "capitals in the workbook", "backslashes", "from the root"],
)
def test_errors_are_told(change: Callable[[str, bytes], tuple[str, bytes]]) -> None:
    first, second = open_workbook(changed(change), ".xlsx")
    assert (first.rows, second.rows) == ([["x"]], ERRORS)


def test_errors_of_a_part_that_two_sheets_show_are_told_in_both() -> None:
    assert [(sheet.name, sheet.rows) for sheet in open_workbook(changed(shared), ".xlsx")] == [
        ("甲", ERRORS),
        ("乙 & 丙", ERRORS),
    ]


@pytest.mark.parametrize("relation", [b"rId2", b"sheet2"])
def test_sheet_that_leads_nowhere_has_no_part(relation: bytes) -> None:
    content = changed(lambda name, part: (name, part.replace(relation, b"rId99") if name == RELATIONS else part))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [(part.name, part.entry is None) for part in sheet_parts(archive) or ()] == [
            ("甲", False),
            ("乙 & 丙", True),
        ]


def test_archive_without_a_workbook_has_no_sheets() -> None:
    content = changed(lambda name, part: (name.replace("workbook", "book"), part))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sheet_parts(archive) is None
