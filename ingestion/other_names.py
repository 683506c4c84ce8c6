"""The same bytes under another name: a second copy, or, where only the name tells whose and when, another return."""

from __future__ import annotations

from ingestion.findings import Details, Finding
from ingestion.periods import Period
from ingestion.records import Reading
from ingestion.register import Register

_NOTHING = ("未能入库", "nothing of it was landed")
_Return = tuple[str, str | None, Period | None]  # form, reporting unit, period


def other_return(first_name: str, first: Reading, other: Reading, register: Register) -> Finding | None:
    """The finding for a further name under which the same bytes are a return that they are not under the first.

    Bytes are landed once, under their first name: that return would be lost without a word. None for a mere copy; an
    empty file is a copy of none.
    """
    if other.findings and other.findings[0].code == "file_empty":  # all empty files hold the same bytes
        return other.findings[0]
    landed = _returns(first)
    others = [each for each in _returns(other) if each not in landed]
    if not others:
        return None
    form, unit, period = others[0]
    details: Details = {
        "other": first_name,
        "taken": _names(landed, register) or _NOTHING,
        "own": _names(others, register),
    }
    return Finding(
        "same_file_other_return",
        form=form,
        period=period.name if period else None,
        reporting_unit_code=unit,
        details=details,
    )


def _returns(reading: Reading) -> list[_Return]:
    found = [(t.form, t.reporting_unit_code, t.period) for t in reading.tables if t.outcome == "landed"]
    return list(dict.fromkeys(found))


def _names(returns: list[_Return], register: Register) -> str:
    """青石镇 2014-03, for every return once."""
    names = []
    for _, unit, period in returns:
        area = register.area(unit) if unit else None
        names.append(" ".join(filter(None, (area.name if area else unit, period.name if period else None))))
    return "、".join(dict.fromkeys(names))
