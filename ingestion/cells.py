"""What one cell comes to: a value, a state where there is none, or a problem; and which figures a column allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ingestion import units
from ingestion.findings import Details
from ingestion.forms import Column
from ingestion.texts import as_text
from ingestion.workbook import Cell

_LARGEST = 1e15  # what the lake's types hold exactly


class State(StrEnum):
    """How a value came to be, kept apart up to the marts."""

    REPORTED = "reported"
    ZERO = "zero"
    NIL = "nil"
    MISSING = "missing"
    UNREAD = "unread"  # something stands there that was refused; a finding says what
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one cell says: a value, or a state where there is none, and a problem with its details.

    Figures are in the sheet's unit; one that carries its own unit (problem value_unit_in_cell) is in the lake's.
    """

    value: Cell | None = None
    state: State = State.MISSING
    problem: str | None = None
    details: Details = field(default_factory=dict)


def bounds(column: Column, factor: float) -> tuple[float, float]:
    """Lowest and highest figure allowed, in the sheet's unit; unbounded ones as far as the lake's types are exact."""
    ratio = units.stated_factor(column) / factor
    low = -_LARGEST / factor if column.min is None else column.min * ratio
    high = _LARGEST / factor if column.max is None else column.max * ratio
    return low, high


def range_details(column: Column) -> Details:
    """Details of a value_out_of_range finding."""

    def shown(bound: float | None, unbounded: str) -> str:
        return unbounded if bound is None else as_text(float(bound))

    return {
        "label": column.label,
        "min": shown(column.min, "−∞"),
        "max": shown(column.max, "∞"),
        "unit": column.unit or "",
    }
