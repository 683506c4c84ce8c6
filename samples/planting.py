"""The means of planting an error: change what a house wrote, and note what must be found and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ingestion.texts import cell_address, column_letter
from samples.grids import Content, Formula, SheetGrid, TableGrid, WorkbookGrid
from samples.places import VILLAGE, Branch, Township
from samples.truth import FIELDS, Truth


@dataclass(frozen=True, slots=True)
class Planted:
    """An error the sample contains on purpose.

    `kind` says who finds it: intake (the ledger's reason), reading (`code` is a finding's), register (the same, when
    the register is built) or check (`code` is an expectation's id; `form`, `field`, `branch_code` and `period` say what
    about, `what` in words what is wrong).
    """

    file_name: str
    sheet_name: str | None
    cell: str | None
    code: str
    kind: str
    form: str | None = None
    field: str | None = None
    branch_code: str | None = None
    period: str | None = None
    what: str = ""


@dataclass(slots=True)
class Site:
    """Where errors are planted: the files of one township and month; further files may be added."""

    township: Township
    month: int
    workbooks: list[WorkbookGrid]
    truth: Truth
    write: Callable[[Township, int], list[WorkbookGrid]]  # the unspoilt files of a township and month
    planted: list[Planted] = field(default_factory=list)
    raw_files: list[tuple[str, bytes, datetime]] = field(default_factory=list)  # files that are no workbooks
    copies: list[tuple[str, str, datetime]] = field(default_factory=list)  # (path, path of the copy, saved at)

    def form(self, form: str) -> Return:
        """The township's return of a form."""
        for workbook in self.workbooks:
            for sheet in workbook.sheets:
                for table in sheet.tables:
                    if table.form == form:
                        return Return(self, workbook, sheet, table)
        raise ValueError(f"{self.township.name} sends no {form} in month {self.month}")

    def note(
        self,
        code: str,
        workbook: WorkbookGrid | str,
        sheet: SheetGrid | None = None,
        cell: str | None = None,
        kind: str = "reading",
    ) -> None:
        """An error of a whole file or sheet."""
        path = workbook if isinstance(workbook, str) else workbook.path
        self.planted.append(Planted(path, _sheet_name(path, sheet), cell, code, kind))


@dataclass(frozen=True, slots=True)
class Return:
    """One return of a site, open to changes."""

    site: Site
    workbook: WorkbookGrid
    sheet: SheetGrid
    table: TableGrid

    def branch(self, number: int, kind: str = VILLAGE) -> Branch:
        """The n-th branch of a kind in the table, from 0."""
        branches = self.site.truth.places.of_township(self.site.township)
        return [b for b in branches if b.kind == kind and b.code in self.table.rows][number]

    def value(self, branch: Branch, name: str, *, month: int | None = None) -> object:
        """The true value that the table should show, or the one of another month."""
        facts = self.site.truth.facts(self.table.form, self.site.township, month or self.site.month)
        row = next(fact for fact in facts if fact.branch.code == branch.code)
        return row.values[FIELDS[self.table.form].index(name)]

    def cell(self, branch: Branch, name: str) -> str:
        return self.sheet.address(self.table, branch.code, name)

    def content(self, branch: Branch, name: str) -> Content:
        return self.sheet.get(*self.sheet.place(self.table, branch.code, name))

    def put(self, branch: Branch, name: str, content: Content, *, counted: float | None = None) -> None:
        """Replace a branch's value; the totals row goes along, by `counted` if given, else by the number written."""
        row, column = self.sheet.place(self.table, branch.code, name)
        before = _number(self.sheet.get(row, column))
        after = _number(content) if counted is None else counted
        self.sheet.put(row, column, content)
        self.change_total(name, after - before)

    def change_total(self, name: str, difference: float) -> None:
        """Change what the totals row states for a field."""
        total_row, column = self.table.total_row, self.table.columns[name]
        if total_row is None:
            return
        stated = self.sheet.get(total_row, column)
        if stated is None or stated == "":
            return
        number = round(_number(stated) + difference, 4)
        if isinstance(stated, Formula):
            self.sheet.put(total_row, column, Formula(stated.text, number))
        elif isinstance(stated, str):
            self.sheet.put(total_row, column, f"{number:.10g}")
        else:
            self.sheet.put(total_row, column, number)

    @property
    def title_cell(self) -> str:
        return cell_address(*self.table.title)

    @property
    def header_cells(self) -> str:
        """The header row from its first to its last column, as A3:J3."""
        row, last = self.table.header_row, max(self.table.columns.values())
        return f"{cell_address(row, min(self.table.columns.values()))}:{cell_address(row, last)}"

    def header_cell(self, name: str) -> str:
        return cell_address(self.table.label_rows[name], self.table.columns[name])

    def rename(self, name: str, label: str) -> None:
        """Write another header text over a field."""
        self.sheet.put(self.table.label_rows[name], self.table.columns[name], label)

    def column_cells(self, name: str) -> str:
        """The cells of a field from its first to its last branch, as D6:D31."""
        rows = [row for code, row in self.table.rows.items() if code not in self.table.shifts]
        letter = column_letter(self.table.columns[name])
        return f"{letter}{min(rows) + 1}:{letter}{max(rows) + 1}"

    def add_column(self, header: str, content: Callable[[int], Content]) -> str:
        """Add a column to the right of the table; returns the header's address."""
        column = max(self.table.columns.values()) + 1
        self.sheet.put(self.table.header_row, column, header)
        for row in self.table.rows.values():
            self.sheet.put(row, column, content(row))
        return cell_address(self.table.header_row, column)

    def drop_column(self, name: str) -> None:
        """Take a column out of the sheet; columns to the right move left. For tables with one header row."""
        column = self.table.columns.pop(name)
        for row in range(self.table.header_row, len(self.sheet.rows)):
            if column < len(self.sheet.rows[row]):
                del self.sheet.rows[row][column]
        for other, place in self.table.columns.items():
            self.table.columns[other] = place - (place > column)

    def drop_row(self, branch: Branch) -> None:
        """Take a branch's row out of the table; rows below move up and the totals row goes along."""
        row = self.table.rows[branch.code]
        for name, column in self.table.columns.items():
            content = self.sheet.get(row, column)
            if name not in ("serial", "branch_code", "branch_name") and content is not None:
                self.change_total(name, -_number(content))
        del self.table.rows[branch.code]
        self._move(row, -1)

    def insert_row(self, below: Branch, cells: Iterable[Content]) -> int:
        """Insert a row below a branch's; returns its number from 0."""
        row = self.table.rows[below.code] + 1
        self._move(row, 1)
        self.sheet.rows[row] = list(cells)
        return row

    def _move(self, row: int, by: int) -> None:
        if by < 0:
            del self.sheet.rows[row]
        else:
            self.sheet.rows.insert(row, [])
        for code, place in self.table.rows.items():
            self.table.rows[code] = place + by * (place >= row)
        if self.table.total_row is not None and self.table.total_row >= row:
            self.table.total_row += by
        self.sheet.merges[:] = [
            (top + by * (top >= row), left, bottom + by * (bottom >= row), right)
            for top, left, bottom, right in self.sheet.merges
        ]

    def note(self, code: str, cell: str | None, kind: str = "reading", **about: str) -> None:
        """Note what must be found on this sheet."""
        path = self.workbook.path
        period = self.table.period
        self.site.planted.append(
            Planted(path, _sheet_name(path, self.sheet), cell, code, kind, form=self.table.form, period=period, **about)
        )

    def check(self, branch: Branch, name: str, code: str, what: str) -> None:
        """Note a wrong content that a check must find."""
        self.note(code, self.cell(branch, name), "check", field=name, branch_code=branch.code, what=what)


def _sheet_name(path: str, sheet: SheetGrid | None) -> str | None:
    if sheet is None:
        return None
    return "" if path.endswith(".csv") else sheet.name


def _number(content: Content) -> float:
    if isinstance(content, Formula):
        content = content.value
    if isinstance(content, (int, float)):
        return content
    try:
        return float(str(content).replace(",", ""))  # float() reads full-width digits too
    except ValueError:
        return 0.0
