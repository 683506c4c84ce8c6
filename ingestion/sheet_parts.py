"""Which part of an .xlsx or .xlsb workbook holds which sheet, by its workbook part and the relationships of that."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from ingestion.xlsb_records import sheets_of_workbook

_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin")
_TAG = r"<(?:[\w.-]+:)?{}\s[^>]*>"
_SHEET, _RELATIONSHIP = re.compile(_TAG.format("sheet")), re.compile(_TAG.format("Relationship"))
_ATTRIBUTE = re.compile(r"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class SheetPart(NamedTuple):
    """A sheet, and the entry that holds it; None where what the workbook says of it leads to no entry."""

    name: str
    entry: zipfile.ZipInfo | None

    @property
    def is_binary(self) -> bool:
        return self.entry is not None and self.entry.filename.lower().endswith(".bin")


def sheet_parts(archive: zipfile.ZipFile) -> list[SheetPart] | None:
    """The sheets in the order of the workbook; several may be held by one part. None of what is no such workbook."""
    held = {_key(entry.filename): entry for entry in archive.infolist()}
    workbook = next((path for path in _WORKBOOKS if path in held), None)
    if workbook is None:
        return None
    relations = held.get(f"xl/_rels/{workbook.removeprefix('xl/')}.rels")
    targets = dict(_targets(archive.read(relations))) if relations else {}
    content = archive.read(held[workbook])
    sheets = sheets_of_workbook(content) if workbook.endswith(".bin") else _sheets(content)
    return [SheetPart(name, held.get(targets.get(identifier, ""))) for name, identifier in sheets]


def _targets(relations: bytes) -> Iterator[tuple[str, str]]:
    for attributes in _attributes(_RELATIONSHIP, relations):
        target = attributes.get("Target", "")
        yield attributes.get("Id", ""), _key(target[1:] if target.startswith("/") else f"xl/{target}")


def _sheets(workbook: bytes) -> Iterator[tuple[str, str]]:
    for attributes in _attributes(_SHEET, workbook):
        identifier = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        yield attributes.get("name", ""), identifier


def _attributes(tag: re.Pattern[str], xml: bytes) -> Iterator[dict[str, str]]:
    for found in tag.findall(xml.decode("utf-8", "replace")):
        yield {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(found)}


def _key(path: str) -> str:
    """A path as those who look for it take it: capitals and the slashes of some systems make no difference."""
    return path.replace("\\", "/").lower()
