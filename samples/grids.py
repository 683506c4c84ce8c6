"""What a workbook consists of before it becomes a file: sheets as plain rows, and where every value stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from ingestion.texts import cell_address


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the value that the spreadsheet program last saw in it (an error value such as #REF! too)."""

    text: str
    value: float | str


Content = str | int | float | date | Formula | None


@dataclass(slots=True)
class TableGrid:
    """Where a table stands on its sheet; rows and columns count from 0."""

    form: str
    period: str
    title: tuple[int, int] = (0, 0)
    unit_line: tuple[int, int] = (0, 0)  # where 填报单位 stands
    header_row: int = 0  # the row that holds the name column's header
    label_rows: dict[str, int] = field(default_factory=dict)  # field → row of its header text
    columns: dict[str, int] = field(default_factory=dict)  # field or role → column
    rows: dict[str, int] = field(default_factory=dict)  # branch code → row
    shifts: dict[str, int] = field(default_factory=dict)  # branch code → columns to the right, in a side-by-side table
    total_row: int | None = None
    wan: bool = True  # whether bare money figures are in 万元


@dataclass(slots=True)
class SheetGrid:
    """One sheet: rows of cells from A1 on, merged ranges as (first row, first column, last row, last column)."""

    name: str
    rows: list[list[Content]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    tables: list[TableGrid] = field(default_factory=list)
    mess: set[str] = field(default_factory=set)
    leading_columns: int = 0
    hidden: bool = False

    def place(self, table: TableGrid, branch_code: str, name: str) -> tuple[int, int]:
        """Row and column of a branch's value."""
        return table.rows[branch_code], table.columns[name] + table.shifts.get(branch_code, 0)

    def address(self, table: TableGrid, branch_code: str, name: str) -> str:
        """Spreadsheet address of a branch's value."""
        return cell_address(*self.place(table, branch_code, name))

    def get(self, row: int, column: int) -> Content:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def put(self, row: int, column: int, content: Content) -> None:
        """Write a cell, making room for it."""
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = content


@dataclass(slots=True)
class WorkbookGrid:
    """A file to be: its path below the inbox (posix, with suffix), its sheets and when it was last saved."""

    path: str
    sheets: list[SheetGrid]
    saved_at: datetime
    encoding: str = "utf-8-sig"  # of a CSV file
