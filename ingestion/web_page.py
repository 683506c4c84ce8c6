"""Web pages and web archives named .xls: systems export them so, and Excel opens them with a warning."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser

from ingestion.workbook import Cell, Sheet, WorkbookError, decode_text

_MOST_SPAN = 200  # columns or rows that one cell may claim
_MOST_CLAIMED = 200_000  # places beyond their own that the cells of a page may claim
_BREAKS = ("br", "p", "div")


def read_web_page(text: str) -> list[Sheet]:
    """Every table of a web page as a sheet; raises WorkbookError for a page without a table, and for XML."""
    if text.lstrip().startswith("<?xml") and "<table" not in text.lower():
        raise WorkbookError("file_kind_unknown", "是 XML 文件", "it is an XML file")
    return _tables([text])


def read_web_archive(content: bytes) -> list[Sheet]:
    """Every table of the pages of a web archive (MHTML, RFC 2557), which Excel saves as “single file web page”."""
    from email import message_from_bytes

    pages = []
    for part in message_from_bytes(content).walk():
        is_tab_strip = part.get("Content-Location", "").lower().endswith("tabstrip.htm")  # the names of the sheets
        if part.get_content_type() == "text/html" and not is_tab_strip:
            pages.append(decode_text(part.get_payload(decode=True) or b""))  # type: ignore[arg-type]
    return _tables(pages)


def _tables(pages: Iterable[str]) -> list[Sheet]:
    parser = _TableParser()
    for page in pages:
        parser.feed(page)
    parser.close()
    if not parser.sheets:
        raise WorkbookError("file_kind_unknown", "是没有表格的网页", "it is a web page without a table")
    return parser.sheets


class _TableParser(HTMLParser):
    """Collects outer tables; what a nested table holds is text of its cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self._depth = 0
        self._cells: dict[tuple[int, int], str] = {}
        self._merges: list[tuple[int, int, int, int]] = []
        self._taken: set[tuple[int, int]] = set()
        self._claimed = 0
        self._row = -1
        self._text: list[str] | None = None
        self._place = (0, 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._cells, self._merges, self._taken, self._row = {}, [], set(), -1
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_cell()
            self._row += 1
        elif tag in ("td", "th"):
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag in _BREAKS and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._depth -= 1
            if self._depth == 0:
                self._end_cell()
                self._end_table()
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        row, column = max(self._row, 0), 0
        while (row, column) in self._taken:
            column += 1
        height, width = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        self._claimed += height * width - 1
        if self._claimed > _MOST_CLAIMED:
            raise WorkbookError("file_too_large", "单元格跨的行列太多", "its cells span too many rows and columns")
        self._taken.update((row + r, column + c) for r in range(height) for c in range(width))
        if height > 1 or width > 1:
            self._merges.append((row, column, row + height - 1, column + width - 1))
        self._place, self._text = (row, column), []

    def _end_cell(self) -> None:
        if self._text is not None:
            self._cells[self._place] = "".join(self._text).strip()
            self._text = None

    def _end_table(self) -> None:
        if not self._cells:
            return
        height = 1 + max(row for row, _ in self._cells)
        width = 1 + max(column for _, column in self._taken)
        rows: list[list[Cell]] = [[""] * width for _ in range(height)]
        for (row, column), text in self._cells.items():
            rows[row][column] = text
        self.sheets.append(Sheet(f"Table{len(self.sheets) + 1}", rows, tuple(self._merges)))


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPAN) if text and text.isdigit() else 1
