"""Binary workbooks: error cells are no empty ones, wherever they stand and however damaged the records are."""

from __future__ import annotations

import pytest

from benchmarks.bad_files import binary_record, binary_workbook
from ingestion.workbook import ErrorValue, WorkbookError, open_workbook
from ingestion.xlsb_records import errors_of_sheet, records
from tests.ingestion.xlsb_rows import COMPUTED, error, number, row, text


def cells(rows: bytes) -> list[list[object]]:
    return open_workbook(binary_workbook("", rows), ".xlsb")[0].rows


def test_errors_typed_in_and_those_that_formulas_came_to_are_told() -> None:
    rows = row(0) + text(0, "李" * 100) + number(1, 1.5) + row(1) + error(0, 0x17) + error(1, 0x07, COMPUTED)
    assert cells(rows) == [["李" * 100, 1.5], [ErrorValue("#REF!"), ErrorValue("#DIV/0!")]]


def test_errors_beside_and_below_all_other_cells_are_told() -> None:
    rows = row(0) + number(0, 1.5) + error(1, 0x2A, COMPUTED) + row(2) + error(0, 0x24, COMPUTED)
    assert cells(rows) == [[1.5, ErrorValue("#N/A")], ["", ""], [ErrorValue("#NUM!"), ""]]


def test_sheet_of_nothing_but_an_error_is_not_empty() -> None:
    assert cells(row(0) + error(0, 0x99, COMPUTED)) == [[ErrorValue("#ERROR")]]


def test_error_in_a_far_corner_is_refused() -> None:
    with pytest.raises(WorkbookError) as caught:
        cells(row(0) + number(0, 1.5) + row(1_048_575) + error(16_383, 0x17, COMPUTED))
    assert (caught.value.code, caught.value.reason_zh) == ("file_too_large", "工作表“甲”过大")


def test_cell_beyond_the_last_column_there_is_is_refused() -> None:
    with pytest.raises(WorkbookError) as caught:
        cells(row(0) + number(0, 1.5) + number(16_384, 1.5))
    assert (caught.value.code, caught.value.reason_zh) == ("file_too_large", "工作表“甲”过大")


def test_cell_in_the_last_column_there_is_is_read() -> None:
    assert cells(row(0) + number(0, 1.5) + number(16_383, 2.5)) == [[1.5, *[""] * 16_382, 2.5]]


def test_error_where_no_cell_can_be_is_left_out() -> None:
    beyond = error(0, 0x17) + row(1_048_576) + error(0, 0x17) + row(0) + error(16_384, 0x17)
    assert errors_of_sheet(beyond + error(2, 0x17)) == [(0, 2, "#REF!")]


def test_records_end_where_the_part_is_cut_off() -> None:
    part = row(0) + error(1, 0x17) + text(2, "村" * 100) + binary_record(0x92)
    whole = list(records(part))
    assert [kind for kind, _ in whole] == [0, 3, 6, 0x92]
    for length in range(len(part)):
        cut = list(records(part[:length]))
        assert cut == whole[: len(cut)]
    assert errors_of_sheet(part[:-20]) == [(0, 1, "#REF!")]


def test_records_too_short_for_what_they_are_hold_nothing() -> None:
    assert errors_of_sheet(binary_record(0, b"\0\0") + binary_record(3, b"\0\0\0") + b"\xff" * 6) == []
