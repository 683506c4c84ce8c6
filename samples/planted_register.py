"""Errors in a county's register that the sample plants: rows that cannot enter it, wrong days, wrong successors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingestion.texts import cell_address
from samples.grids import Content, SheetGrid, TableGrid, WorkbookGrid
from samples.places import KIND_TEXTS, VILLAGE, Township
from samples.planting import Planted


def spoil_register(workbook: WorkbookGrid, township: Township) -> tuple[Planted, ...]:
    """Add wrong rows below a register, of branches in one of its townships that are not there in 2013 or later."""
    sheet, table = workbook.sheets[0], workbook.sheets[0].tables[0]
    spoiler = _Spoiler(workbook.path, sheet, table, township)
    spoiler.add("待赋码", "筹建村", ("branch_code", "branch_code_invalid", "reading"))
    row = spoiler.add(
        f"{township.code}299",
        "拟设村",
        ("township_code", "value_missing", "reading"),
        ("township_code", "register_row_incomplete", "register"),
    )
    sheet.put(row, table.columns["township_code"], None)
    row = spoiler.add(f"{township.code}298", "旧址村", ("valid_to", "register_dates_impossible", "register"))
    sheet.put(row, table.columns["valid_to"], date(2009, 12, 31))
    spoiler.add(f"{township.code[:6]}999297", "飞地村", ("township_code", "register_parent_unknown", "register"))
    # Two names of one branch that had ended before 2013; the older one claims to last into the newer one's days.
    row = spoiler.add(f"{township.code}296", "西大洼村", ("valid_to", "register_dates_overlap", "register"))
    sheet.put(row, table.columns["valid_to"], date(2012, 8, 31))
    row = spoiler.add(f"{township.code}296", "西洼新村", ("successor_codes", "register_successor_unknown", "register"))
    sheet.put(row, table.columns["valid_from"], date(2012, 7, 1))
    sheet.put(row, table.columns["valid_to"], date(2012, 12, 31))
    sheet.put(row, table.columns["successor_codes"], f"{township.code}995")
    sheet.put(row, table.columns["township"], township.name[:-1])
    spoiler.planted.append(Planted("", None, None, "register_area_names_differ", "register", form="register"))
    return tuple(spoiler.planted)


class _Spoiler:
    """Adds rows to a register and notes what must be found in them."""

    def __init__(self, path: str, sheet: SheetGrid, table: TableGrid, township: Township) -> None:
        self._path = path
        self._sheet = sheet
        self._table = table
        self._township = township
        self.planted: list[Planted] = []

    def add(self, code: str, name: str, *found: tuple[str, str, str]) -> int:
        """Add a row; `found` are (column, code of the finding, kind). Returns the row's number from 0."""
        row = len(self._sheet.rows)
        here = self._township
        known: dict[str, Content] = {
            "serial": row - self._table.header_row,
            "branch_code": code,
            "branch_name": name,
            "township": here.name,
            "kind": KIND_TEXTS[VILLAGE],
            "city_name": here.city_name,
            "county_name": here.county_name,
            "township_code": here.code,
            "valid_from": date(2010, 1, 1),
        }
        roles: Sequence[str] = list(self._table.columns)
        self._sheet.rows.append([known.get(role) for role in roles])
        for role, finding, kind in found:
            cell = cell_address(row, self._table.columns[role])
            self.planted.append(Planted(self._path, self._sheet.name, cell, finding, kind, form="register"))
        return row
