"""Units of measure as they stand in headers, unit lines and cells."""

from __future__ import annotations

import re

from ingestion.forms import Column, ColumnType
from ingestion.texts import fold

_MONEY = {"元": 1.0, "百元": 1e2, "千元": 1e3, "万元": 1e4, "万": 1e4, "百万元": 1e6, "亿元": 1e8}
_LENGTH = {"公里": 1.0, "km": 1.0, "千米": 1.0, "里": 0.5, "华里": 0.5, "米": 0.001, "m": 0.001}
_AREA = {"平方米": 1.0, "平米": 1.0, "平方": 1.0, "m2": 1.0, "亩": 2000 / 3}
_THINGS = dict.fromkeys("个座处条屯村次项件间年头天分支套起期", 1.0) | {"人次": 1.0}
_PERSONS = dict.fromkeys("名人个位", 1.0) | {"万人": 1e4}
_HOUSEHOLDS = dict.fromkeys("户个", 1.0) | {"万户": 1e4}
_SHARE = {"%": 1.0, "‰": 0.1}

_DIMENSIONS = (_MONEY, _LENGTH, _AREA, _THINGS, _PERSONS, _HOUSEHOLDS, _SHARE)
_KNOWN = frozenset(text for dimension in _DIMENSIONS for text in dimension)
_UNIT_LIKE = re.compile(r"\S{0,3}[元米里亩吨斤%‰]|平方\S{0,2}|[a-zA-Z]{1,3}[23]?")


def looks_like_unit(text: str) -> bool:
    """Whether a text names a unit, known or not (美元, 公顷)."""
    folded = fold(text)
    return is_unit(folded) or bool(_UNIT_LIKE.fullmatch(folded))


def is_unit(text: str) -> bool:
    """Whether a text names a unit."""
    return fold(text).lower() in _KNOWN


def factor(column: Column, unit: str) -> float | None:
    """What a figure in `unit` is multiplied by to be landed: yuan for money, the spec's own unit otherwise.

    None when the unit does not measure what the column holds.
    """
    dimension = _dimension(column)
    if dimension is None:
        return None
    found = dimension.get(fold(unit).lower())
    if found is None:
        return None
    return found if column.type is ColumnType.MONEY else found / dimension[fold(column.unit or "").lower()]


def stated_factor(column: Column) -> float:
    """The factor of a bare figure: the spec's unit."""
    return _MONEY[column.unit or "元"] if column.type is ColumnType.MONEY else 1.0


def _dimension(column: Column) -> dict[str, float] | None:
    if column.type is ColumnType.MONEY:
        return _MONEY
    unit = fold(column.unit or "").lower()
    return next((dimension for dimension in _DIMENSIONS if unit in dimension), None)
