"""Texts of old .xls are read whatever code page the workbook names."""

from __future__ import annotations

import pytest

from ingestion.code_page import with_readable_code_page
from ingestion.workbook import Sheet, open_workbook
from tests.ingestion.biff import EXCEL_95, EXCEL_97, xls_of
from tests.ingestion.locked_xls import locked_xls

ROWS: list[list[object]] = [["村名", "ab村", "收入"], ["李家村", "", 1.5]]
EVERY_BYTE = "".join(chr(point) for point in range(0x4E00, 0x9FA6))  # as trail bytes, all that there are


def only_sheet(content: bytes) -> Sheet:
    (sheet,) = open_workbook(content, ".xls")
    return sheet


@pytest.mark.parametrize("code_page", [None, 1200, 1252, 936, 10008])
def test_texts_since_excel_97_are_unicode(code_page: int | None) -> None:
    assert only_sheet(xls_of(EXCEL_97, code_page, ROWS)) == Sheet("表一", ROWS)


@pytest.mark.parametrize(("code_page", "encoding"), [(936, "gb18030"), (54936, "gb18030"), (950, "big5hkscs")])
def test_texts_of_excel_95_are_in_the_code_page(code_page: int, encoding: str) -> None:
    rows: list[list[object]] = [["銀行", "a銀"], ["", 1.5]]
    assert only_sheet(xls_of(EXCEL_95, code_page, rows, encoding)) == Sheet("表一", rows)


def test_every_character_of_excel_95_is_read() -> None:
    sheet = only_sheet(xls_of(EXCEL_95, 936, [[EVERY_BYTE[begin : begin + 100]] for begin in range(0, 20_900, 100)]))
    assert "".join(str(row[0]) for row in sheet.rows) == EVERY_BYTE[:20_900]
    assert (sheet.name, sheet.damaged) == ("表一", ())


@pytest.mark.parametrize("code_page", [None, 1252])
def test_chinese_texts_of_excel_95_are_told_where_another_code_page_is_named(code_page: int | None) -> None:
    assert only_sheet(xls_of(EXCEL_95, code_page, ROWS)) == Sheet("表一", ROWS)


@pytest.mark.parametrize("text", ["pää", "Müller", "naïve", "¿qué?", "«Été»", "ÄÖÜ"])
def test_other_western_texts_of_excel_95_are_not_taken_for_chinese_ones(text: str) -> None:
    rows: list[list[object]] = [["Regissör", text]]
    assert only_sheet(xls_of(EXCEL_95, 1252, rows, "cp1252", "Blåd")) == Sheet("Blåd", rows)


def test_western_texts_of_excel_95_stay_what_they_are() -> None:
    assert only_sheet(xls_of(EXCEL_95, 1252, [["År"]], "cp1252", "Blåd")) == Sheet("Blåd", [["År"]])


def test_damaged_character_of_excel_95_is_told_with_its_place() -> None:
    content = xls_of(EXCEL_95, 936, ROWS)
    damaged = only_sheet(content.replace("李家村".encode("gb18030"), "李家".encode("gb18030") + b"\xff\xff"))
    assert (damaged.rows[1][0], damaged.damaged) == ("李家\ufffd\ufffd", ((1, 0),))


def test_encrypted_workbook_is_not_touched_and_read_when_decrypted() -> None:
    content = xls_of(EXCEL_97, 1252, ROWS)
    locked = locked_xls(content, "VelvetSweatshop")
    assert with_readable_code_page(locked) == (locked, "")
    assert only_sheet(locked) == Sheet("表一", ROWS)


def test_workbook_cut_off_anywhere_is_looked_through() -> None:
    content = xls_of(EXCEL_95, 936, ROWS)
    for length in range(512, 700):
        assert with_readable_code_page(content[:length])[1] in ("", "gb2312", "gb18030")
