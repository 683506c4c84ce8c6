"""The one place where what a workbook says is made fit to be kept: no number of a person passes in any text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from ingestion.findings import Details, Finding
from ingestion.listed_persons import masker
from ingestion.person_names import looks_like_name, without_names
from ingestion.personal import FEWEST, shown
from ingestion.records import FieldPlace, Reading, Source, TablePlaces
from ingestion.workbook import Sheet

Mask = Callable[[str], str]

_POST = re.compile("书记|主任|领导|干部|负责|责任|联系|人员")
_COMPUTED = ("value", "stated", "summed", "difference")  # details that would tell a number beside them
_MOST_QUOTED = 200  # characters
_LISTS = ("names", "sheets", "codes", "columns")  # details that name one thing after the other, each of them needed


def mask_source(source: Source) -> Source:
    """Where a workbook comes from, as it may be told."""
    return source._replace(file_name="/".join(map(shown, source.file_name.split("/"))))


def mask_sheet_names(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets under names that may be told; names that become the same are numbered, so that each is still one."""
    if all(shown(sheet.name) == sheet.name for sheet in sheets):
        return list(sheets)
    taken = {sheet.name for sheet in sheets}
    named = []
    for sheet in sheets:
        name = plain = shown(sheet.name)
        if name != sheet.name:
            number = 1
            while name in taken:
                number += 1
                name = f"{plain}({number})"
            taken.add(name)
        named.append(sheet if name == sheet.name else sheet._replace(name=name))
    return named


def mask_reading(reading: Reading, persons: AbstractSet[str] = frozenset()) -> Reading:
    """Mask, in place, every text of a reading that was taken from the workbook; `persons` are named in its lists."""
    mask = masker(persons)
    reading.findings = [_shortened(_finding(finding, mask)) for finding in reading.findings]
    reading.quarantine = [
        row._replace(branch_name=row.branch_name and mask(row.branch_name), cells=mask(row.cells))
        for row in reading.quarantine
    ]
    reading.places = list(map(_places, reading.places))
    for records in reading.records:
        if persons or max(map(len, records.branch_names), default=0) >= FEWEST:
            records.branch_names = list(map(mask, records.branch_names))
        if records.constants:
            records.constants = {name: text and mask(text) for name, text in records.constants.items()}
    if reading.reason:
        reading.reason = mask(reading.reason)
    return reading


def _finding(finding: Finding, mask: Mask) -> Finding:
    original = finding.original and mask(finding.original)
    if original and _asks_about_a_person(finding) and looks_like_name(original):
        original = "***"
    if original and finding.code == "cell_personal":
        original = without_names(original)
    name = finding.branch_name and mask(finding.branch_name)
    details: Details = {key: _in_each_language(mask, value) for key, value in finding.details.items()}
    if (original, name, details) == (finding.original, finding.branch_name, finding.details):
        return finding
    details = {key: "****" if key in _COMPUTED else value for key, value in details.items()}
    return dataclasses.replace(finding, original=original, branch_name=name, details=details)


def _shortened(finding: Finding) -> Finding:
    """Of a cell with a page of text only the beginning is quoted; masked before, so that no number is cut in two."""
    quoted = [finding.original, finding.branch_name]
    for value in finding.details.values():
        quoted += (value,) if isinstance(value, str) else value
    if max(len(text or "") for text in quoted) <= _MOST_QUOTED:
        return finding
    details: Details = {
        key: value if key in _LISTS else _in_each_language(_beginning, value) for key, value in finding.details.items()
    }
    original = finding.original and _beginning(finding.original)
    name = finding.branch_name and _beginning(finding.branch_name)
    return dataclasses.replace(finding, original=original, branch_name=name, details=details)


def _in_each_language(change: Mask, detail: str | tuple[str, str]) -> str | tuple[str, str]:
    return change(detail) if isinstance(detail, str) else (change(detail[0]), change(detail[1]))


def _beginning(text: str) -> str:
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…"


def _asks_about_a_person(finding: Finding) -> bool:
    """Whether a cell was refused in a column about who holds a post, where a name is often given for an answer."""
    label = finding.details.get("label")
    return finding.code.startswith("value_not_") and isinstance(label, str) and bool(_POST.search(label))


# What was masked once, by the identity of the places: tables with the same header share them.
_masked: dict[int, tuple[tuple[FieldPlace, ...], tuple[FieldPlace, ...]]] = {}
_MOST_MASKED = 10_000


def _places(table: TablePlaces) -> TablePlaces:
    known = _masked.get(id(table.places))
    if known is None or known[0] is not table.places:
        if len(_masked) >= _MOST_MASKED:
            _masked.clear()
        masked = tuple(place._replace(header_text=shown(place.header_text)) for place in table.places)
        known = _masked[id(table.places)] = (table.places, table.places if masked == table.places else masked)
    return table if known[1] is table.places else table._replace(places=known[1])
