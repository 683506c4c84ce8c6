"""Persons with their numbers, invented, in every place of a township's workbooks and of the paths they come by."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from random import Random

import openpyxl
from openpyxl.comments import Comment

from samples.grids import SheetGrid, TableGrid, WorkbookGrid
from samples.writing import render_workbook
from tests.ingestion.numbers_of_persons import identity_check, luhn_digit

SAVED_AT = datetime(2013, 8, 2, tzinfo=UTC)
_WINDOW = 8  # digits in a row that give a number away
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何罗郑梁谢宋唐许韩邓冯曹彭曾肖董潘袁蔡蒋杜魏苏吕丁卢姚沈崔谭汪廖贾邹邱薛"
_GIVEN = "骁琰淇瑾玥晗煜琳珺琪瑶璇"
_WITH_NUMBER = (
    "{name}{number}",
    "联系人：{name} 电话：{number}",
    "{name}（{number}）",
    "{number} {name}",
    "书记{name}，{number}",
)


@dataclass
class Persons:
    """Invented persons, each of them once: `names` and `numbers` of those that were asked for."""

    names: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    _rng: Random = field(default_factory=lambda: Random(2014))

    def __post_init__(self) -> None:
        self._kinds = cycle((self._identity, self._mobile, self._card, self._landline))
        self._ways = cycle(_WITH_NUMBER)

    def text(self) -> str:
        """A name and a number as somebody typed them into a text."""
        return next(self._ways).format(name=self.name(), number=self.number())

    def name(self) -> str:
        while True:
            name = self._rng.choice(_SURNAMES) + "".join(self._rng.sample(_GIVEN, 2))
            if name not in self.names:
                self.names.append(name)
                return name

    def number(self) -> str:
        self.numbers.append(next(self._kinds)())
        return self.numbers[-1]

    def figure(self) -> float:
        """A mobile number as a spreadsheet keeps it when it is typed without a blank."""
        self.numbers.append(self._mobile())
        return float(self.numbers[-1])

    def _digits(self, count: int) -> str:
        return "".join(self._rng.choices("123456789", k=count))

    def _identity(self) -> str:
        year, month, day = self._rng.randint(1940, 1989), self._rng.randint(1, 9), self._rng.randint(10, 28)
        body = f"440306{year}{month:02d}{day}{self._digits(3)}"
        return body + identity_check(body)

    def _mobile(self) -> str:
        return f"13{self._digits(9)}"

    def _card(self) -> str:
        body = f"6217{self._digits(14)}"
        return body + luhn_digit(body)

    def _landline(self) -> str:
        return f"0411-8{self._digits(7)}"


def planted(workbook: WorkbookGrid, folder: str, suffix: str, persons: Persons) -> Iterator[tuple[str, bytes]]:
    """A workbook of the sample under a folder with persons in every place of it, as files: path and bytes."""
    for sheet in workbook.sheets:
        for table in sheet.tables:
            _plant(sheet, table, persons)
    if suffix != "csv":
        sheets = [*workbook.sheets, *_further_sheets(persons)]
        workbook.sheets[-1].name = _sheet_name(f"{workbook.sheets[-1].name[:8]}{persons.text()}")
        path = f"{folder}/报表{persons.text()}.{suffix}"
        yield path, _rendered(WorkbookGrid(path, sheets, SAVED_AT), persons)
        return
    for sheet in workbook.sheets:
        path = f"{folder}/{persons.text()}/{sheet.name}.csv"
        yield path, render_workbook(WorkbookGrid(path, [sheet], SAVED_AT, encoding="gb18030"))


def _plant(sheet: SheetGrid, table: TableGrid, persons: Persons) -> None:
    row, column = table.title
    sheet.put(row, column, f"{sheet.get(row, column)} {persons.text()}")
    row, column = table.unit_line
    sheet.put(row, column, f"{sheet.get(row, column)}  填表人：{persons.name()} 电话 {persons.number()}")
    width, rows = max(map(len, sheet.rows)), sorted(table.rows.values())
    name_column = table.columns["branch_name"]
    figures = [c for f, c in table.columns.items() if f not in ("serial", "branch_name")]
    headers = ("备注", f"包村情况{persons.text()}", "联系人", "联系电话", f"（{persons.text()}）")
    for n, header in enumerate(headers):
        sheet.put(table.header_row, width + n, header)
    for each in rows[:4]:
        remark, visits, contact, telephone, other = range(width, width + 5)
        sheet.put(each, remark, persons.text())
        sheet.put(each, visits, persons.text())
        sheet.put(each, contact, persons.name())
        sheet.put(each, telephone, persons.figure())
        sheet.put(each, other, f"由{persons.names[-1]}代报")
    sheet.put(rows[0], name_column, f"{sheet.get(rows[0], name_column)}（{persons.text()}）")
    sheet.put(rows[1], name_column, persons.text())
    for each, index in zip(rows[2:], figures, strict=False):
        sheet.put(each, index, persons.figure() if index % 2 else persons.text())
    if table.total_row is not None:
        sheet.put(table.total_row, figures[0], persons.figure())
    last = len(sheet.rows)
    sheet.put(last, 0, f"注：{persons.text()}")
    sheet.put(last + 1, 0, persons.text())
    sheet.put(last + 2, name_column, persons.name())
    sheet.put(last + 2, figures[0], persons.figure())
    sheet.put(last + 2, figures[1], persons.number())
    sheet.merges.append((last + 1, 0, last + 1, 3))


def _further_sheets(persons: Persons) -> list[SheetGrid]:
    listed = SheetGrid(_sheet_name(persons.text()), [["附件"], ["姓名", "身份证号", "手机"]])
    for _ in range(3):
        listed.rows.append([persons.name(), persons.number(), persons.figure()])
    hidden = SheetGrid("隐藏", [[persons.text()], [persons.names[-1], persons.number(), 1, 2, 3]], hidden=True)
    empty = SheetGrid(_sheet_name(f"运转经费{persons.text()}"), [])
    return [listed, hidden, empty]


def _sheet_name(text: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", text)[:31]


def _rendered(workbook: WorkbookGrid, persons: Persons) -> bytes:
    content = render_workbook(workbook)
    if not workbook.path.endswith(".xlsx"):
        return content
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.properties.creator = persons.text()
    book.worksheets[0]["B4"].comment = Comment(persons.text(), persons.name())
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


class Leaks:
    """Looks for what persons were planted: a name, a number, or eight digits in a row of one."""

    def __init__(self, persons: Persons) -> None:
        digits = [number.replace("-", "") for number in persons.numbers]
        self._numbers = re.compile("|".join(map(re.escape, {*persons.numbers, *digits})))
        self._windows = {number[n : n + _WINDOW] for number in digits for n in range(len(number) - _WINDOW + 1)}
        self._names = re.compile("|".join(persons.names))
        self._bytes = re.compile(
            b"|".join(re.escape(text.encode()) for text in (*persons.names, *persons.numbers, *digits))
        )

    def in_text(self, text: str) -> list[str]:
        plain = unicodedata.normalize("NFKC", text)
        found = [*self._names.findall(plain), *self._numbers.findall(plain)]
        for run in re.findall(r"(?<![0-9a-f])[0-9]{8,}(?![0-9a-f])", plain):
            found += [part for n in range(len(run) - _WINDOW + 1) if (part := run[n : n + _WINDOW]) in self._windows]
        return found

    def in_bytes(self, content: bytes) -> list[str]:
        return [found.decode() for found in self._bytes.findall(content)]

    def in_rows(self, rows: Iterable[Sequence[object]]) -> list[str]:
        return [leak for row in rows for value in row if value is not None for leak in self.in_text(str(value))]
