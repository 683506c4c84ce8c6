"""A funding return of one township, to be changed a little, and what its reading says."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.findings import Finding
from ingestion.records import Reading

TITLE = "青石镇2014年第一季度村级组织运转经费统计表"
HEADER = ("序号", "村名", "财政转移支付", "党建工作经费", "其他补助", "合计")
LI, WANG, ZHANG = (1, "李家村", 1.5, 0.5, 0.2, 2.2), (2, "王家村", 1.2, 0.4, 0, 1.6), (3, "张家村", 1.1, 0.3, 0.1, 1.5)


def funding(
    *rows: Sequence[object], title: str = TITLE, header: Sequence[str] = HEADER, unit: str = "单位：万元"
) -> list[Sequence[object]]:
    return [[title], ["填报单位：青石镇人民政府", "", "", "", "", unit], header, *rows]


def said(finding: Finding) -> tuple[str | None, ...]:
    """A finding as its reader meets it."""
    texts = (finding.text_zh(), finding.text_en(), finding.remedy_zh(), finding.remedy_en())
    return (finding.code, finding.cell, finding.original, *texts)


def codes(reading: Reading) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.cell) for finding in reading.findings]


def landed(reading: Reading, field: str) -> dict[str, object]:
    """The values of a field by branch name."""
    return {
        name: value
        for records in reading.records
        for name, value in zip(records.branch_names, records.values.get(field, ()), strict=False)
    }
