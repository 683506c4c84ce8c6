"""What a workbook unpacks to, told before its sheets are read."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingestion.unpacked import is_bomb_of_sheets

RELATION = '<Relationship Id="r{0}" Target="worksheets/sheet{0}.xml"/>'
LARGE = 30 << 20
SHEETS = 20


def workbook(shown: list[int], sizes: dict[int, int], tag: str = "sheet") -> bytes:
    """A workbook whose sheets show the parts of these numbers; `sizes` are those of the parts, in bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        sheets = "".join(f'<{tag} name="{place}" r:id="r{number}"/>' for place, number in enumerate(shown))
        archive.writestr("xl/workbook.xml", f"<workbook><sheets>{sheets}</sheets></workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", "".join(RELATION.format(number) for number in sizes))
        for number, size in sizes.items():
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * size)
    return buffer.getvalue()


def test_part_counts_for_every_sheet_that_shows_it() -> None:
    assert is_bomb_of_sheets(workbook([1] * SHEETS, {1: LARGE}), SHEETS)
    assert not is_bomb_of_sheets(workbook([1] * 8, {1: LARGE}), 8)


def test_large_sheet_among_many_small_ones_counts_once() -> None:
    sizes = {number: LARGE if number == 3 else 1000 for number in range(SHEETS)}
    assert not is_bomb_of_sheets(workbook(list(sizes), sizes), SHEETS)


@pytest.mark.parametrize(("shown", "tag"), [([7] * SHEETS, "sheet"), ([1] * SHEETS, "other")])
def test_sheet_whose_part_cannot_be_told_counts_as_the_largest(shown: list[int], tag: str) -> None:
    assert is_bomb_of_sheets(workbook(shown, {1: LARGE}, tag), SHEETS)


def test_sheets_of_another_format_share_one_part() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("content.xml", b" " * LARGE)
    assert not is_bomb_of_sheets(buffer.getvalue(), SHEETS)
