"""The register workbooks of the sample: one per county, and a revision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from ingestion.forms import Forms
from samples.grids import SheetGrid, TableGrid, WorkbookGrid
from samples.planted_register import spoil_register
from samples.planting import Planted
from samples.truth import FIELDS, Truth

_FIRST, _REVISED = date(2013, 1, 10), date(2014, 7, 8)


def register_workbooks(truth: Truth, forms: Forms) -> Iterator[tuple[WorkbookGrid, tuple[Planted, ...]]]:
    """党组织名册 of every county, and a later one, with errors planted in it, of the county whose branches changed."""
    counties = dict.fromkeys((t.county_code, t.county_name) for t in truth.places.townships)
    changed = {b.township.county_code: b.township for b in truth.places.branches if b.valid_to is not None}
    for code, name in counties:
        yield _register(truth, forms, code, name, _FIRST), ()
        if code in changed:
            revised = _register(truth, forms, code, name, _REVISED)
            yield revised, spoil_register(revised, changed[code])


def _register(truth: Truth, forms: Forms, code: str, county: str, day: date) -> WorkbookGrid:
    form = forms.by_name["register"]
    month = f"{day.year}年{day.month}月"
    names = FIELDS["register"]
    sheet = SheetGrid("党组织名册")
    sheet.put(0, 0, f"{county}党组织名册（{month}）")
    sheet.put(1, 0, f"填报单位：{county}委组织部")
    labels = ["序号", "统一代码", "党组织名称", "乡镇", *(form.by_name[name].label for name in names)]
    table = TableGrid("register", f"{day:%Y-%m}", header_row=2)
    for column, (role, label) in enumerate(
        zip(("serial", "branch_code", "branch_name", "township", *names), labels, strict=True)
    ):
        sheet.put(2, column, label)
        table.columns[role] = column
    for serial, fact in enumerate(truth.register_facts(code, day), 1):
        branch = fact.branch
        table.rows[branch.code] = len(sheet.rows)
        cells = [serial, branch.code, branch.name, branch.township.name, *fact.values]
        sheet.rows.append(cells)  # type: ignore[arg-type]
    sheet.tables.append(table)
    saved_at = datetime(day.year, day.month, day.day, 2, int(code[-1]), tzinfo=UTC)
    return WorkbookGrid(f"{county}/{county}党组织名册{month}.xlsx", [sheet], saved_at)
