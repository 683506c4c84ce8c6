"""What the header of a table says: which column holds which field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ingestion.findings import Details
from ingestion.forms import FormSpec
from ingestion.periods import Span


@dataclass(frozen=True, slots=True)
class HeaderProblem:
    """A column that could not be used: its index from 0, a finding code and the finding's details."""

    column: int | None
    code: str
    field: str | None
    original: str | None
    details: Details


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column (counted from 0) holds which field of which form, between the columns `first` and `last`.

    `more_periods` are further columns that say the period (年份 beside 月份); `valid_from` the first day on which the
    header of a field means what the spec says, for those headers that have one; `absent` the fields without a column.
    """

    form: FormSpec
    roles: dict[str, int]
    fields: dict[str, int]
    periods: dict[int, Span]  # periods_across only: which column holds which period
    units: dict[str, str]
    headers: dict[int, str]
    problems: tuple[HeaderProblem, ...]
    unknown: dict[int, str]
    first: int
    last: int
    name_column: int
    field_columns: frozenset[int]
    serial_columns: frozenset[int]
    remarks: frozenset[int] = frozenset()
    more_periods: tuple[int, ...] = ()
    valid_from: dict[str, date] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    unnamed: tuple[int, ...] = ()  # columns without a header
    doubled: tuple[tuple[str, int], ...] = ()  # fields that several columns claim, and the first of these columns


class Header(NamedTuple):
    """A header block: its rows, counted from 0, and the tables that stand side by side under it."""

    first_row: int
    anchor_row: int
    body_row: int
    segments: tuple[Columns, ...]


def proposal(label: str | None) -> tuple[str, str]:
    """What the remedy for an unknown header begins with: the header it may stand for, if there is one."""
    if label is None:
        return ("", "")
    return (f"若它是“{label}”，请改用该表头；", f"If it is “{label}”, use that header. ")
