"""One thing said a thousand times is said once more with a count."""

from __future__ import annotations

from ingestion.capped_findings import capped
from ingestion.findings import Finding


def unknown(row: int, sheet: str = "甲") -> Finding:
    details = {"name": f"村{row}", "nearest": "", "township": "青石镇"}
    return Finding("value_error_cell", sheet, f"B{row}", row, form="venue", field="area", details=details)


def test_findings_beyond_the_bound_are_counted_by_one_that_stands_at_the_first_of_them() -> None:
    findings = [unknown(row) for row in range(1, 11)] + [Finding("no_return_found")]
    found = capped(findings, most=3)
    assert found[:4] == [*findings[:3], findings[-1]]
    (closing,) = found[4:]
    assert (closing.code, closing.sheet_name, closing.cell, closing.row_number) == ("findings_more", "甲", "B4", 4)
    assert closing.text_zh().startswith("同类问题还有 7 处，没有逐一列出；例如：")
    assert closing.text_en().startswith("There are 7 more of the same kind that are not listed one by one")


def test_kinds_and_sheets_are_counted_apart() -> None:
    findings = [unknown(row, sheet) for sheet in "甲乙" for row in (1, 2)]
    assert capped(findings, most=2) == findings


def test_few_findings_stay_as_they_are() -> None:
    findings = [unknown(1), unknown(2)]
    assert capped(findings) == findings
