"""Writing workbooks as files: .xlsx, .xls and .csv, the same bytes on every run."""

from __future__ import annotations

import csv
import io
import os
from datetime import date, datetime
from pathlib import Path

from samples.grids import Content, Formula, WorkbookGrid

_XLS_ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#N/A": 0x2A}
_EPOCH = date(1899, 12, 30)


def write_workbook(workbook: WorkbookGrid, inbox: Path) -> None:
    """Write the file below the inbox, with the time it was saved at as its modification time."""
    write_bytes(inbox / workbook.path, render_workbook(workbook), workbook.saved_at)


def write_bytes(path: Path, content: bytes, saved_at: datetime) -> None:
    """Write a file, with the time it was saved at as its modification time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (saved_at.timestamp(), saved_at.timestamp()))


def render_workbook(workbook: WorkbookGrid) -> bytes:
    """The file's bytes; the suffix of the path decides the format."""
    suffix = workbook.path.rpartition(".")[2]
    if suffix == "csv":
        return _render_csv(workbook)
    return _render_xls(workbook) if suffix == "xls" else _render_xlsx(workbook)


def _render_xlsx(workbook: WorkbookGrid) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": workbook.saved_at.replace(tzinfo=None)})
    title = book.add_format({"bold": True, "align": "center"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for grid in workbook.sheets:
        sheet = book.add_worksheet(grid.name)
        if grid.hidden:
            sheet.hide()
        write_string, write_number = sheet.write_string, sheet.write_number
        for row, cells in enumerate(grid.rows):
            for column, content in enumerate(cells):
                kind = type(content)
                if content is None or content == "":
                    continue
                if kind is str:
                    write_string(row, column, content)
                elif kind is int or kind is float:
                    write_number(row, column, content)
                elif isinstance(content, Formula):
                    sheet.write_formula(row, column, content.text, None, content.value)
                elif isinstance(content, date):
                    write_number(row, column, (content - _EPOCH).days, day)
        for first_row, first_column, last_row, last_column in grid.merges:
            text = grid.get(first_row, first_column)
            sheet.merge_range(first_row, first_column, last_row, last_column, "" if text is None else text, title)
    book.close()
    return buffer.getvalue()


def _render_xls(workbook: WorkbookGrid) -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.XFStyle()
    day.num_format_str = "yyyy-mm-dd"
    plain = xlwt.XFStyle()
    for grid in workbook.sheets:
        sheet = book.add_sheet(grid.name)
        merged = {(first_row, first_column) for first_row, first_column, _, _ in grid.merges}
        for row, cells in enumerate(grid.rows):
            for column, content in enumerate(cells):
                if content is None or content == "" or (row, column) in merged:
                    continue
                if isinstance(content, Formula) and isinstance(content.value, str):
                    sheet.row(row).set_cell_error(column, _XLS_ERRORS[content.value], plain)
                elif isinstance(content, Formula):
                    sheet.write(row, column, content.value)  # xlwt keeps no last value beside a formula
                else:
                    sheet.write(row, column, content, day if isinstance(content, date) else plain)
        for first_row, first_column, last_row, last_column in grid.merges:
            text = grid.get(first_row, first_column)
            sheet.write_merge(first_row, last_row, first_column, last_column, "" if text is None else text)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _render_csv(workbook: WorkbookGrid) -> bytes:
    buffer = io.StringIO(newline="")
    rows = workbook.sheets[0].rows
    width = max(map(len, rows), default=0)
    writer = csv.writer(buffer, lineterminator="\r\n")
    for cells in rows:
        writer.writerow([_csv_text(cell) for cell in cells] + [""] * (width - len(cells)))
    return buffer.getvalue().encode(workbook.encoding)


def _csv_text(content: Content) -> str:
    if content is None:
        return ""
    if isinstance(content, Formula):
        content = content.value
    if isinstance(content, float):
        return f"{content:.10g}"
    if isinstance(content, date):
        return f"{content.year}/{content.month}/{content.day}"
    return str(content)
