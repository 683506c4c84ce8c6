"""The memory of cells: what the same content of a column was read as before."""

from __future__ import annotations

from ingestion.cell_kinds import OTHERS, TEXTS, refuse_other
from ingestion.cells import Outcome, State
from ingestion.forms import Blank, Column
from ingestion.texts import fold
from ingestion.workbook import Cell, ErrorValue

_ERROR_TEXTS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!")


class CellMemo(dict[Cell, Cell | None]):
    """The value of every cell content seen in a column; `special` holds those that mean more than their value."""

    _MOST = 50_000

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column
        self._read_text = TEXTS[column.type]
        self._read_other = OTHERS.get(column.type, refuse_other)
        self.special: dict[Cell, Outcome] = {}
        self.blank = _blank(column)

    def __missing__(self, cell: Cell) -> Cell | None:
        outcome = self.read(cell)
        if outcome.problem or (outcome.value is None and outcome.state is not State.MISSING):
            self.special[cell] = outcome
        self[cell] = outcome.value
        return outcome.value

    def read(self, cell: Cell) -> Outcome:
        """What a cell says."""
        if isinstance(cell, str):
            folded = fold(cell)
            if not folded:
                return self.blank
            if folded[0] == "#" and folded.upper() in _ERROR_TEXTS:
                return Outcome(state=State.UNREAD, problem="value_error_cell")
            return self._read_text(self._column, cell)
        if isinstance(cell, ErrorValue):
            return Outcome(state=State.UNREAD, problem="value_error_cell")
        return self._read_other(self._column, cell)

    def forget_when_full(self) -> None:
        """Keep memory bounded: texts that never come again are not kept for ever."""
        if len(self) > self._MOST:
            self.clear()
            self.special.clear()


_memos: dict[int, tuple[Column, CellMemo]] = {}


def memo_of(column: Column) -> CellMemo:
    """The column's memory of cells."""
    known = _memos.get(id(column))
    if known is None or known[0] is not column:
        known = _memos[id(column)] = (column, CellMemo(column))
    known[1].forget_when_full()
    return known[1]


def _blank(column: Column) -> Outcome:
    if column.blank is Blank.MISSING and column.required:
        return Outcome(problem="value_missing", details={"label": column.label})
    return Outcome(state=State(column.blank.value))
