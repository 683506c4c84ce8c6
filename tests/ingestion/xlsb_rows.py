"""Rows and cells of a sheet of .xlsb, as records ([MS-XLSB] 2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import pack

from benchmarks.bad_files import binary_record

TYPED, COMPUTED = 3, 11  # kinds of error cells: BrtCellError, BrtFmlaError


def row(number: int) -> bytes:
    return binary_record(0, pack("<II", number, 0) + bytes(9))


def number(column: int, value: float) -> bytes:
    return binary_record(5, pack("<IId", column, 0, value))


def text(column: int, said: str) -> bytes:
    return binary_record(6, pack("<III", column, 0, len(said)) + said.encode("utf-16-le"))


def error(column: int, code: int, kind: int = TYPED) -> bytes:
    return binary_record(kind, pack("<IIB", column, 0, code) + (bytes(10) if kind == COMPUTED else b""))


def rows_of(table: Sequence[Sequence[object]]) -> bytes:
    """The records of a table of texts and numbers, and of errors as bytes of one code."""
    return b"".join(row(place) + b"".join(_cells(cells)) for place, cells in enumerate(table))


def _cells(cells: Sequence[object]) -> Iterable[bytes]:
    for column, cell in enumerate(cells):
        if isinstance(cell, bytes):
            yield error(column, cell[0], COMPUTED)
        elif cell != "":
            yield text(column, cell) if isinstance(cell, str) else number(column, float(str(cell)))
