"""Reading the header of a table: which rows it takes, of one to four, and the tables side by side under it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingestion.forms import FormSpec
from ingestion.header import Columns, Header
from ingestion.header_columns import ColumnFinder
from ingestion.texts import fold, fold_label
from ingestion.units import is_unit
from ingestion.vocabulary import NameKind, Vocabulary
from ingestion.workbook import Row, Sheet

_MOST_ROWS_BELOW = 3
_MOST_ROWS_ABOVE = 2
_NO_HEADER = (NameKind.TOTAL, NameKind.SUBTOTAL, NameKind.NOTE, NameKind.SECTION)
_ENOUGH_FIELDS = 3  # how many labels must fit before a table that no title names is taken for a form


class HeaderReader:
    """Reads headers and remembers the column maps of those it has seen."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._finder = ColumnFinder(vocabulary)
        self._known: dict[tuple[object, ...], tuple[Columns, ...] | None] = {}
        self._anchors: dict[tuple[object, ...], list[int]] = {}

    def read(self, sheet: Sheet, anchor_row: int, named: tuple[FormSpec, ...], top: int = 0) -> Header | None:
        """The header around the row that heads the names; None when its labels belong to no form.

        `named` are the forms that the title names: then it is one of them. No row above `top` belongs to the header.
        """
        rows = sheet.rows
        first = self._first_row(rows, anchor_row, top)
        body = self._body_row(sheet, anchor_row)
        block = [rows[r] for r in range(first, body)]
        merges = tuple(
            [
                (top - first, left, bottom - first, right)
                for top, left, bottom, right in sheet.merges
                if first <= top < body and right > left
            ]
        )
        key = (
            tuple(map(tuple, block)),
            anchor_row - first,
            merges,
            bool(sheet.merges),
            tuple(form.form for form in named),
        )
        if key not in self._known:
            self._known[key] = self._read_block(block, merges, anchor_row - first, named, bool(sheet.merges))
        segments = self._known[key]
        return Header(first, anchor_row, body, segments) if segments else None

    def _first_row(self, rows: list[list[object]], anchor_row: int, top: int) -> int:
        """Rows above the anchor that hold group headers (其中, 路况) belong to the header."""
        first = anchor_row
        for above in range(anchor_row - 1, max(top - 1, anchor_row - 1 - _MOST_ROWS_ABOVE), -1):
            cells = [cell for cell in rows[above] if cell != ""]
            texts = [cell for cell in cells if isinstance(cell, str)]
            if not texts or len(texts) < len(cells) or not any(map(self._vocabulary.is_label, texts)):
                break
            if any(map(self._vocabulary.title_forms, texts)):
                break
            first = above
        return first

    def _body_row(self, sheet: Sheet, anchor_row: int) -> int:
        """The first row below the header: its name column is filled, or it holds other things than header texts."""
        rows = sheet.rows
        head = tuple(rows[anchor_row])
        anchors = self._anchors.get(head)
        if anchors is None:
            is_anchor = self._vocabulary.is_anchor
            anchors = [c for c, cell in enumerate(head) if isinstance(cell, str) and is_anchor(cell)]
            self._anchors[head] = anchors
        last = min(anchor_row + 1 + _MOST_ROWS_BELOW, len(rows))
        for index in range(anchor_row + 1, last):
            row = rows[index]
            for column in anchors:
                if row[column] != "":
                    return index
            texts = [cell for cell in row if isinstance(cell, str) and cell != ""]
            if not texts or len(texts) < sum(cell != "" for cell in row):
                return index
            if not any(map(self._is_sub_header, texts)) and index > _merged_to(sheet, anchor_row, anchors):
                return index
        return last

    def _is_sub_header(self, text: str) -> bool:
        """Whether a text below the anchor row shows that its row still belongs to the header: a label, or a unit."""
        if self._vocabulary.name_kind(text) in _NO_HEADER:
            return False
        return self._vocabulary.is_label(text) or is_unit(fold(text).strip("()"))

    def _read_block(
        self,
        block: list[list[object]],
        merges: tuple[tuple[int, int, int, int], ...],
        anchor: int,
        named: tuple[FormSpec, ...],
        has_merges: bool,
    ) -> tuple[Columns, ...] | None:
        filled = _fill_groups(block, merges, has_merges)
        stacks = [tuple(dict.fromkeys(str(row[c]) for row in filled if row[c] != "")) for c in range(len(block[0]))]
        bounds = self._segment_bounds(block[anchor], stacks)
        forms = self._candidates(stacks, named)
        found: list[tuple[int, tuple[Columns, ...]]] = []
        for form in forms:
            segments = self._segments(form, stacks, bounds)
            score = sum(len(segment.field_columns) for segment in segments)
            if score:
                found.append((score, segments))
        found.sort(key=lambda each: -each[0])
        if not found:
            return None
        if not named and (found[0][0] < _ENOUGH_FIELDS or [score for score, _ in found].count(found[0][0]) > 1):
            return None
        return found[0][1]

    def _segments(
        self, form: FormSpec, stacks: list[tuple[str, ...]], bounds: list[tuple[int, int]]
    ) -> tuple[Columns, ...]:
        """The tables side by side; names with no field are none, but a column of the table before or after."""
        segments: list[Columns] = []
        for first, last in bounds:
            segment = self._finder.columns(form, stacks, first if segments else 0, last)
            if segment is not None and segment.field_columns:
                segments.append(segment)
            elif segments:
                joined = self._finder.columns(form, stacks, segments[-1].first, last)
                segments[-1] = joined or segments[-1]
        return tuple(segments)

    def _candidates(self, stacks: list[tuple[str, ...]], named: tuple[FormSpec, ...]) -> list[FormSpec]:
        """The named forms if any; otherwise all, which are then told apart by their labels alone."""
        return list(named) if named else list(self._vocabulary.forms.forms)

    def _segment_bounds(self, anchor: Row, stacks: list[tuple[str, ...]]) -> list[tuple[int, int]]:
        """Column ranges of tables side by side: each begins with the key columns that lead up to a name column."""
        names = [c for c, cell in enumerate(anchor) if isinstance(cell, str) and self._heads_names(cell)]
        width = len(anchor)
        labels = [fold_label(str(anchor[c])) for c in names]
        repeated = [
            c for c, label in zip(names, labels, strict=True) if labels.count(label) > 1 and label == labels[-1]
        ]
        if len(repeated) < 2:
            return [(0, width - 1)]
        starts = []
        for column in repeated:
            while column > 0 and stacks[column - 1] and self._is_key(stacks[column - 1]):
                column -= 1
            starts.append(column)
        starts[0] = 0
        return [(start, (starts[n + 1] if n + 1 < len(starts) else width) - 1) for n, start in enumerate(starts)]

    def _heads_names(self, cell: str) -> bool:
        return self._vocabulary.role(cell) == "branch_name" or self._vocabulary.is_anchor(cell)

    def _is_key(self, stack: tuple[str, ...]) -> bool:
        return self._vocabulary.role(stack[-1]) in ("serial", "branch_code", "township")


def _merged_to(sheet: Sheet, row: int, columns: Sequence[int]) -> int:
    """The last row of the merges that begin in one of the columns and hold a cell of the row."""
    return max((m[2] for m in sheet.merges if m[0] <= row <= m[2] and m[1] in columns), default=0)


def _fill_groups(
    block: list[list[object]], merges: tuple[tuple[int, int, int, int], ...], has_merges: bool
) -> list[list[object]]:
    """Write a group header into every column it spans: by the merges, or, where a file has none, to the right."""
    if len(block) == 1:
        return block
    filled = [list(row) for row in block]
    for top, left, _, right in merges:
        for column in range(left + 1, min(right + 1, len(filled[top]))):
            if filled[top][column] == "":
                filled[top][column] = filled[top][left]
    if not has_merges:
        for upper, lower in pairwise(filled):
            for column in range(1, len(upper)):
                if upper[column] == "" and lower[column] != "" and lower[column - 1] != "":
                    upper[column] = upper[column - 1]
    return filled
