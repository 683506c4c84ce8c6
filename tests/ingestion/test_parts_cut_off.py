"""Parts of a workbook that end sooner than its directory says: damage, and nothing that breaks the reader."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from struct import pack_into

import pytest

from ingestion.ods_cells import mend_ods
from ingestion.workbook import Sheet, WorkbookError, open_workbook
from tests.ingestion.conftest import write_xlsx

ODS = {
    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
    "META-INF/manifest.xml": "<manifest:manifest/>",
    "content.xml": "<office:document-content/>",
}


def cut_off(parts: Mapping[str, str | bytes], name: str) -> bytes:
    """An archive whose directory says of one part that it has a million bytes; it has not as many in all."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    written = bytearray(buffer.getvalue())
    entry = written.rindex(name.encode()) - 46
    pack_into("<II", written, entry + 20, 1_000_000, 1_000_000)
    return bytes(written)


def refusal(content: bytes, suffix: str) -> tuple[str, str]:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(content, suffix)
    return caught.value.code, caught.value.reason_zh


def test_sheet_of_xlsx_is_damaged() -> None:
    with zipfile.ZipFile(io.BytesIO(write_xlsx(("甲", [["x"]])))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    content = cut_off(parts, "xl/worksheets/sheet1.xml")
    assert refusal(content, ".xlsx") == ("file_unreadable", "文件已损坏，或不是工作簿")


def test_list_of_parts_of_ods_is_damaged() -> None:
    assert refusal(cut_off(ODS, "META-INF/manifest.xml"), ".ods") == ("file_unreadable", "文件已损坏，或不是工作簿")


def test_sheets_of_ods_are_left_as_they_are() -> None:
    sheets = [Sheet("甲", [["李家村", ""]])]
    mend_ods(cut_off(ODS, "content.xml"), sheets)
    assert sheets == [Sheet("甲", [["李家村", ""]])]
