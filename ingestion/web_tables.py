"""The tables of a web page and the lines of text above them: a title or a unit often stands outside the table.

What belongs together is put one below the other, as a spreadsheet program shows it: a table of a title or a header
above a table of rows. A table of some length begins a part of its own when one stands above it.

Pages are rarely as they should be: cells, rows and tables that nothing closes, tables that only lay out others,
scripts within cells. What a browser does not show (scripts, styles, what is hidden in a cell) is not taken for text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ingestion.workbook import Cell, WorkbookError

_MOST_SPAN = 200  # columns or rows that one cell may claim
_MOST_CLAIMED = 200_000  # places beyond their own that the cells of a page may claim
_MOST_CELLS = 10_000_000
_MOST_NESTED = 50
_LONG = 5  # rows of a table that is more than the title or the header of the next
_BREAKS = ("br", "p", "div")
# What begins a new line of text outside tables; the tags of a table end a line as well.
_LINES = frozenset({"br", "p", "div", "center", "hr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "form", "body", "html"})
_TABLE_TAGS = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
_UNSEEN = frozenset({"script", "style", "title", "noscript", "template"})
_VOID = frozenset({"br", "hr", "img", "input", "col", "meta", "link", "area", "base", "wbr", "param"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPAN = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_FORM_VALUES = ("text", "number", "")

Merge = tuple[int, int, int, int]


@dataclass(slots=True)
class _Table:
    """A table that is being read."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)  # by cells that span rows or columns
    row: int = -1
    column: int = 0
    is_in_row: bool = False
    text: list[str] | None = None
    exact: str | None = None  # the number behind a cell that shows it rounded
    lays_out: bool = False  # it held another table

    @property
    def height(self) -> int:
        return 1 + max((row for row, _ in self.cells), default=-1)

    @property
    def width(self) -> int:
        return 1 + max((column for _, column in self.cells.keys() | self.taken), default=-1)

    def begin_row(self) -> None:
        self.end_cell()
        self.row, self.column, self.is_in_row = self.row + 1, 0, True

    def begin_cell(self, height: int, width: int, exact: str | None) -> None:
        self.end_cell()
        if not self.is_in_row:
            self.begin_row()
        while (self.row, self.column) in self.taken:
            self.column += 1
        if height > 1 or width > 1:
            self.taken.update((self.row + r, self.column + c) for r in range(height) for c in range(width))
            self.merges.append((self.row, self.column, self.row + height - 1, self.column + width - 1))
        self.text, self.exact = [], exact

    def end_cell(self) -> None:
        if self.text is not None:
            shown = "".join(self.text).strip()
            exact = self.exact if self.exact and _NUMBER.fullmatch(shown.replace(",", "")) else None
            self.cells[self.row, self.column] = exact or shown
            self.column += 1
            self.text = None


@dataclass(slots=True)
class Part:
    """Tables of a page that belong together, with the lines of text around them."""

    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    end: int = 0  # of its last table: what stands below may belong to the next part
    is_whole: bool = False


class TableParser(HTMLParser):
    """Reads a page into `parts`. Raises WorkbookError for a page that is too large, or cut off."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts = [Part()]
        self._open: list[_Table] = []
        self._line: list[str] = []  # of text outside tables
        self._claimed = self._cells = 0
        self._unseen: list[str] = []
        self._options: list[str] | None = None  # of a list to choose from, the chosen one first
        self._option = 0  # which of them is being read

    def finish(self) -> None:
        """Take in what nothing closed."""
        self.close()
        if self._open and self._open[-1].text is not None:
            raise WorkbookError("file_unreadable", "文件不完整，可能没有传完", "the page ends within a cell")
        while self._open:
            self._end_table()
        self._end_line()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _TABLE_TAGS:
            self._unseen.clear()  # nothing is hidden across cells
        attributes = {name: value or "" for name, value in attrs}
        if self._unseen or self._is_unseen(tag, attributes):
            if tag not in _VOID and (not self._unseen or tag == self._unseen[-1]):
                self._unseen.append(tag)
            return
        if not self._open and (tag in _LINES or tag in _TABLE_TAGS):
            self._end_line()
        table = self._open[-1] if self._open else None
        if tag == "table":
            self._begin_table()
        elif tag == "select":
            self._options = []
        elif tag == "option" and self._options is not None:
            self._options.insert(0 if "selected" in attributes else len(self._options), "")
            self._option = 0 if "selected" in attributes else len(self._options) - 1
        elif tag == "input" and attributes.get("type", "").lower() in _FORM_VALUES:
            self.handle_data(attributes.get("value", ""))
        elif table is None:
            pass
        elif tag == "tr":
            table.begin_row()
        elif tag in ("td", "th"):
            self._begin_cell(table, attributes)
        elif tag in _BREAKS and table.text is not None:
            table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _TABLE_TAGS:
            self._unseen.clear()
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
            return
        if tag == "select":
            options, self._options = self._options, None
            self.handle_data(options[0] if options else "")
        elif not self._open:
            if tag in _LINES or tag == "caption":
                self._end_line()
        elif tag == "table":
            self._end_table()
        elif tag in ("td", "th"):
            self._open[-1].end_cell()
        elif tag == "tr":
            self._open[-1].end_cell()
            self._open[-1].is_in_row = False
        elif tag == "caption":
            self._end_line()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._options is not None:
            if self._options:
                self._options[self._option] += data
        elif self._open and self._open[-1].text is not None:
            self._open[-1].text.append(data)
        elif not self._open or self._open[-1].row < 0:  # outside tables, or a caption
            self._line.append(data)

    def _is_unseen(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _UNSEEN:
            return True
        if not self._open:  # a list of the page's own parts, such as its sheets
            return tag == "a" and attributes.get("href", "").startswith("#")
        return tag not in _TABLE_TAGS and tag not in _VOID and bool(_HIDDEN.search(attributes.get("style", "")))

    def _begin_table(self) -> None:
        if len(self._open) >= _MOST_NESTED:
            raise WorkbookError("file_too_large", "表格套表格的层数太多", "its tables are nested too deep")
        self._open.append(_Table())

    def _end_table(self) -> None:
        table = self._open.pop()
        table.end_cell()
        outer = self._open[-1] if self._open else None
        if outer is None or (table.height > 1 and table.width > 1):
            for place, each in enumerate(self._open):  # what lays out the page: its texts so far stand above
                self._open[place] = _Table(lays_out=True)
                if each.text is not None:
                    self._open[place].begin_cell(1, 1, None)
                self._take_in(each)
            self._take_in(table)
        elif outer.text is not None:
            outer.text.append("\n".join(table.cells.values()))

    def _take_in(self, table: _Table) -> None:
        """Put a table below what there is."""
        table.end_cell()
        self._end_line()
        if any(table.cells.values()) or (table.cells and not table.lays_out and not self._open):
            self._lay_out(table)

    def _lay_out(self, table: _Table) -> None:
        height, width = table.height, table.width
        self._cells += height * width
        if self._cells > _MOST_CELLS:
            raise WorkbookError("file_too_large", "表格太大", "its tables are too large")
        part = self.parts[-1]
        if part.is_whole:
            self.parts.append(Part(part.rows[part.end :]))
            del part.rows[part.end :]
            part = self.parts[-1]
        top = len(part.rows)
        rows: list[list[Cell]] = [[""] * width for _ in range(height)]
        for (row, column), text in table.cells.items():
            rows[row][column] = text
        part.rows.extend(rows)
        part.merges.extend((top + first, left, top + last, right) for first, left, last, right in table.merges)
        part.end, part.is_whole = len(part.rows), height >= _LONG

    def _begin_cell(self, table: _Table, attributes: Mapping[str, str]) -> None:
        height, width = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        self._claimed += height * width - 1
        if self._claimed > _MOST_CLAIMED:
            raise WorkbookError("file_too_large", "单元格跨的行列太多", "its cells span too many rows and columns")
        exact = attributes.get("x:num") or attributes.get("sdval")
        table.begin_cell(height, width, exact if exact and _NUMBER.fullmatch(exact) else None)

    def _end_line(self) -> None:
        text = " ".join("".join(self._line).split())
        self._line.clear()
        if text:
            self.parts[-1].rows.append([text])


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPAN) if text and _SPAN.fullmatch(text) else 1
