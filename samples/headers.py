"""The header of a return: which columns a house shows, and how it heads them in one, two or three rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.forms import Column, ColumnType, FormSpec
from samples.grids import SheetGrid, TableGrid
from samples.houses import House
from samples.truth import FIELDS

_NAME_HEADERS = ("村(社区)", "村名", "单位名称", "党组织名称")
_SUMMED = (ColumnType.MONEY, ColumnType.COUNT, ColumnType.NUMBER)
_MONEY_GROUPS = {
    "fiscal_transfer": "收入",
    "party_work_subsidy": "收入",
    "other_subsidy": "收入",
    "collective_income": "收入",
    "total": "收入",
    "operating_spend": "支出",
    "staff_pay": "支出",
}


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the sheet: what it holds, its header text, the group above it and the unit of a unit row."""

    role: str
    label: str
    group: str | None = None
    unit: str | None = None
    column: Column | None = None

    @property
    def is_summed(self) -> bool:
        """Whether a totals row adds the column up."""
        return self.column is not None and self.column.type in _SUMMED


def heads_of(house: House, form: FormSpec) -> list[Head]:
    """The columns of a return as the house lays it out, left to right."""
    heads = []
    if house.serial:
        serial = "序号" if house.header_style < 2 else "编号"
        heads.append(Head("serial", " ".join(serial) if house.spaced_titles else serial))
    if house.township_column != "none":
        heads.append(Head("township", "乡镇"))
    if house.code != "none":
        heads.append(Head("branch_code", "统一代码" if house.header_style < 2 else "行政区划代码"))
    heads.append(Head("branch_name", _NAME_HEADERS[house.header_style]))
    heads.extend(_head(house, form.form, form.by_name[name]) for name in FIELDS[form.form])
    if house.remark:
        heads.append(Head("remark", "备注"))
    return heads


def _head(house: House, form: str, column: Column) -> Head:
    label = column.header_texts[min(house.header_style, len(column.header_texts) - 1)]
    unit = house.money if column.type is ColumnType.MONEY else column.unit
    group = column.group
    if house.money_groups and form == "operating_funding":
        group = _MONEY_GROUPS.get(column.name)
    if house.broken_headers and len(label) > 5:
        label = f"{label[:4]}\n{label[4:]}"
    if house.unit_in_header and unit:
        label = f"{label}（{unit}）" if house.header_style % 2 else f"{label}({unit})"
    return Head(column.name, label, group if house.group_header else None, unit, column)


def write_header(
    sheet: SheetGrid, table: TableGrid, house: House, heads: Sequence[Head], top: int, first: int, *, again: bool
) -> None:
    """Write the header rows from row `top` and column `first` on; `again` for a second half beside the first."""
    lowest = top + int(any(head.group for head in heads))
    for number, head in enumerate(heads):
        column = first + number
        if head.group:
            _write_group(sheet, heads, number, top, column)
            sheet.put(lowest, column, head.label)
        else:
            sheet.put(top, column, head.label)
            if lowest > top:
                sheet.put(lowest, column, None)
                sheet.merges.append((top, column, lowest, column))
        if not again:
            table.columns[head.role] = column
            table.label_rows[head.role] = lowest if head.group else top
    table.header_row = top
    row = lowest
    if house.unit_row and any(head.unit for head in heads):
        row += 1
        for number, head in enumerate(heads):
            sheet.put(row, first + number, head.unit and f"({head.unit})")
    if house.column_numbers:
        name = next(n for n, head in enumerate(heads) if head.role == "branch_name")
        for number in range(len(heads)):
            sheet.put(row + 1, first + number, "甲乙丙丁"[number] if number <= name else number - name)


def _write_group(sheet: SheetGrid, heads: Sequence[Head], number: int, row: int, column: int) -> None:
    """Write a group's text over its first column and merge it across the others."""
    group = heads[number].group
    if number and heads[number - 1].group == group:
        sheet.put(row, column, None)
        return
    sheet.put(row, column, group)
    last = number
    while last + 1 < len(heads) and heads[last + 1].group == group:
        last += 1
    if last > number:
        sheet.merges.append((row, column, row, column + last - number))
