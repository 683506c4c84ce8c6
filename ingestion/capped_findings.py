"""A bound on how often one thing is said: a million wrong cells are told by the first thousand and a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.findings import Details, Finding

MOST = 1000  # of one kind in one column of a sheet


def capped(findings: Sequence[Finding], most: int = MOST) -> list[Finding]:
    """The first so many findings of every kind, each kind that has more closed by one that says how many."""
    if len(findings) <= most:
        return list(findings)
    kept: list[Finding] = []
    seen: dict[tuple[str | None, ...], int] = {}
    first_left: dict[tuple[str | None, ...], Finding] = {}
    for finding in findings:
        kind = (finding.code, finding.sheet_name, finding.form, finding.field)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= most:
            kept.append(finding)
        else:
            first_left.setdefault(kind, finding)
    kept.extend(_closing(first, seen[kind] - most) for kind, first in first_left.items())
    return kept


def _closing(first: Finding, count: int) -> Finding:
    """Stands where the first finding would that is not listed."""
    details: Details = {"count": str(count), "example": (first.text_zh(), first.text_en())}
    return replace(first, code="findings_more", details=details)
