"""Errors that the sample plants in the counties' own returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingestion.texts import cell_address
from samples.grids import Content, SheetGrid, TableGrid, WorkbookGrid
from samples.places import Township
from samples.planting import Planted

Plant = Callable[[WorkbookGrid, Sequence[Township]], tuple[Planted, ...]]


def _only_table(workbook: WorkbookGrid) -> tuple[SheetGrid, TableGrid]:
    return workbook.sheets[0], workbook.sheets[0].tables[0]


def in_a_township_s_folder(workbook: WorkbookGrid, townships: Sequence[Township]) -> tuple[Planted, ...]:
    """The county's return among those of a township, which cannot be the one to send it."""
    sheet, table = _only_table(workbook)
    folder, _, name = workbook.path.rpartition("/")
    workbook.path = f"{folder}/{townships[1].name}/{name}"
    return (Planted(workbook.path, sheet.name, None, "reporter_unknown", "reading", table.form, period=table.period),)


def another_county_s_township(workbook: WorkbookGrid, townships: Sequence[Township]) -> tuple[Planted, ...]:
    """A row about a township that lies in no county of this name."""
    sheet, table = _only_table(workbook)
    code = townships[2].code
    row, column = sheet.place(table, code, "branch_name")
    sheet.put(row, column, "开发区管委会")
    cell = sheet.address(table, code, "branch_name")
    return (Planted(workbook.path, sheet.name, cell, "branch_unknown", "reading", table.form, period=table.period),)


def damaged_on_the_way(workbook: WorkbookGrid, townships: Sequence[Township]) -> tuple[Planted, ...]:
    """A note below the table of which a character was lost when the file was saved or sent."""
    sheet, table = _only_table(workbook)
    row = len(sheet.rows)
    sheet.put(row, 0, "注：数据来源于\N{REPLACEMENT CHARACTER}委组织部")
    cell = cell_address(row, 0)
    return (Planted(workbook.path, "", cell, "text_damaged", "reading", table.form, period=table.period),)


def _wrong(name: str, content: Content, check: str, what: str) -> Plant:
    def plant(workbook: WorkbookGrid, townships: Sequence[Township]) -> tuple[Planted, ...]:
        sheet, table = _only_table(workbook)
        code = townships[0].county_code
        row, column = sheet.place(table, code, name)
        sheet.put(row, column, content)
        sheet_name = "" if workbook.path.endswith(".csv") else sheet.name
        cell = sheet.address(table, code, name)
        return (Planted(workbook.path, sheet_name, cell, check, "check", table.form, name, code, table.period, what),)

    return plant


# (county in the order of the codes, quarter) → what is planted in its return.
COUNTY_PLANTS: dict[tuple[int, str], Plant] = {
    (1, "2013-Q2"): in_a_township_s_folder,
    (0, "2013-Q3"): another_county_s_township,
    (2, "2013-Q3"): damaged_on_the_way,
    (2, "2014-Q3"): _wrong("secretary_person_times", 1, "training_falls", "培训书记累计人次比上季度少"),
    (4, "2013-Q4"): _wrong("sessions", 0, "training_without_sessions", "没有培训班却有人受训"),
}
