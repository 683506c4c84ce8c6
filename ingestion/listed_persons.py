"""Persons whom a workbook itself lists, in a column headed 姓名, 联系人, 村书记 … or on a row with a person's number.

None is named in what is kept. The column is not landed; but its cells stand in the rows that a finding quotes, and its
names in remarks and titles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import zip_longest

from ingestion.drafts import Draft
from ingestion.layout import SheetLayout
from ingestion.named_persons import names_asked_for
from ingestion.person_names import MASK
from ingestion.personal import FEWEST, is_personal_text, shown
from ingestion.texts import as_text, fold
from ingestion.vocabulary import is_personal
from ingestion.workbook import Row, Sheet

_NO_NAMES = re.compile("身份|手机|电话|联系方式|卡|账号|住址|地址|出生|微信|QQ|邮箱")  # facts of another kind
_LONGEST_HEADER = 12
_LOOKED_THROUGH = 1000  # rows in which a header is looked for, where there is no table to tell it
_RUN = re.compile("[\u4e00-\u9fff·•・]{2,}")
_LONGEST_NAME = 17
_LARGE = 1e10
_ENOUGH_DIGITS = re.compile(r"\d.*\d")
_BEFORE_NAMES, _BEHIND_NAMES = "为由替与和及是对给请记任员", "兼任负担接同书主等和与及调退已因从"


def listed_persons(sheet: Sheet, layout: SheetLayout, drafts: Sequence[Draft]) -> set[str]:
    """The names in columns headed as lists of persons and on rows with a number; no branch that was recognised."""
    found: set[str] = set()
    for table in layout.tables:
        for problem in table.columns.problems:
            if problem.code == "column_personal" and problem.column is not None and _asks_for_names(problem.original):
                found.update(_names(row[problem.column] for row in sheet.rows[table.first_row : table.last_row + 1]))
    if not layout.tables or layout.unread:
        for row, column in _headers(sheet):
            found.update(_names(cells[column] for cells in sheet.rows[row + 1 :]))
    for cells in _rows_of_nobody(sheet, layout, drafts):
        if any(map(_is_number_of_person, cells)):
            found.update(_names(cells))
    if found:
        found.difference_update(
            fold(as_text(n)) for d in drafts for n, code in zip(d.names, d.branches, strict=False) if code
        )
    return found


def masker(persons: AbstractSet[str]) -> Callable[[str], str]:
    """What makes a text fit to be kept, these persons' names too."""
    if not persons:
        return shown
    return lambda text: _RUN.sub(lambda run: _without(run[0], persons), shown(text))


def _without(run: str, persons: AbstractSet[str]) -> str:
    parts, at = [], 0
    while at < len(run):
        longest = min(_LONGEST_NAME, len(run) - at)
        length = next((n for n in range(longest, 1, -1) if run[at : at + n] in persons and _apart(run, at, at + n)), 0)
        parts.append(MASK if length else run[at])
        at += length or 1
    return "".join(parts)


def _apart(run: str, first: int, last: int) -> bool:
    """Whether characters are a name of their own, not part of a village's; two of them may be part of any word."""
    behind = run[last : last + 1]
    if last - first > 2:
        return behind not in tuple("村屯镇乡社")
    return (not first or run[first - 1] in _BEFORE_NAMES) and (not behind or behind in _BEHIND_NAMES)


def _asks_for_names(header: str | None) -> bool:
    return header is not None and is_personal(header) and not _NO_NAMES.search(fold(header))


def _headers(sheet: Sheet) -> Iterator[tuple[int, int]]:
    for row, cells in enumerate(sheet.rows[:_LOOKED_THROUGH]):
        for column, cell in enumerate(cells):
            if type(cell) is str and 1 < len(cell) <= _LONGEST_HEADER and _asks_for_names(cell):
                yield row, column


def _rows_of_nobody(sheet: Sheet, layout: SheetLayout, drafts: Sequence[Draft]) -> Iterator[Row]:
    """The rows that no branch is known for: of a sheet without a table all of them."""
    if not layout.tables or layout.unread:
        yield from sheet.rows[:_LOOKED_THROUGH]
    for table in layout.tables:
        yield from (sheet.rows[row] for row in table.nameless_rows)
    for draft in drafts:
        if len(draft.branches) != len(draft.rows) or None in draft.branches:
            yield from (sheet.rows[row] for row, code in zip_longest(draft.rows, draft.branches) if code is None)


def _is_number_of_person(cell: object) -> bool:
    if type(cell) is float:
        return cell > _LARGE and is_personal_text(as_text(cell))
    return (
        type(cell) is str and len(cell) >= FEWEST and _ENOUGH_DIGITS.search(cell) is not None and is_personal_text(cell)
    )


def _names(cells: Iterable[object]) -> Iterator[str]:
    for cell in cells:
        if type(cell) is str and cell:
            yield from names_asked_for(cell)
