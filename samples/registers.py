"""The register workbooks of the sample: one per county."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ingestion.forms import Forms
from samples.grids import Content, SheetGrid, TableGrid, WorkbookGrid
from samples.truth import FIELDS, Truth


def register_workbooks(truth: Truth, forms: Forms) -> Iterator[WorkbookGrid]:
    """党组织名册 of every county."""
    counties = dict.fromkeys((t.county_code, t.county_name) for t in truth.places.townships)
    for number, (code, name) in enumerate(counties):
        sheet = SheetGrid("党组织名册")
        sheet.put(0, 0, f"{name}党组织名册（2013年1月）")
        sheet.put(1, 0, f"填报单位：{name}委组织部")
        form = forms.by_name["register"]
        names = FIELDS["register"]
        labels = ["序号", "统一代码", "党组织名称", "乡镇", *(form.by_name[n].label for n in names)]
        table = TableGrid("register", "2013-01", header_row=2)
        for column, label in enumerate(labels):
            sheet.put(2, column, label)
        for column, role in enumerate(("serial", "branch_code", "branch_name", "township", *names)):
            table.columns[role] = column
        for serial, fact in enumerate(truth.register_facts(code), 1):
            row = len(sheet.rows)
            branch = fact.branch
            cells: list[Content] = [serial, branch.code, branch.name, branch.township.name, *fact.values]  # type: ignore[list-item]
            sheet.rows.append(cells)
            table.rows[branch.code] = row
        sheet.tables.append(table)
        saved_at = datetime(2013, 1, 10, 2, number, tzinfo=UTC)
        yield WorkbookGrid(f"{name}/{name}党组织名册2013年1月.xlsx", [sheet], saved_at)
