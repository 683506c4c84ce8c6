"""Laying out one return as a house would: title, unit line, header, sections, rows, totals, notes."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ingestion.forms import ColumnType, FormSpec, Frequency
from ingestion.texts import column_letter
from samples.cells import writer_of
from samples.grids import Content, Formula, SheetGrid, TableGrid
from samples.headers import Head, heads_of, write_header
from samples.houses import House
from samples.places import COMMUNITY, ENTERPRISE, SOCIAL, VILLAGE, Township
from samples.styles import label_text, name_text, period_text, remark_text
from samples.truth import Fact

_SECTION_TEXTS = {VILLAGE: "行政村", COMMUNITY: "社区", ENTERPRISE: "非公有制企业", SOCIAL: "社会组织"}
_NUMERALS = "一二三四"


class TableWriter:
    """Appends the tables of one house to sheets."""

    def __init__(self, house: House, township: Township, rng: Random) -> None:
        self._house = house
        self._township = township
        self._rng = rng

    def append(self, sheet: SheetGrid, form: FormSpec, facts: Sequence[Fact], period: str, saved_on: str) -> TableGrid:
        """Write a whole return below what the sheet holds already."""
        house = self._house
        table = TableGrid(form.form, period, wan=house.money == "万元")
        heads = heads_of(house, form)
        width = len(heads) * (2 if self._halves(facts) else 1)
        first_column = house.leading_columns
        sheet.leading_columns = first_column
        if not sheet.rows and house.leading_rows:
            sheet.rows.extend([] for _ in range(house.leading_rows))
        elif sheet.rows:
            sheet.rows.append([])
        self._write_preamble(sheet, table, form, saved_on, width)
        halves = self._halves(facts) or (facts,)
        header_row = len(sheet.rows)
        for number in range(len(halves)):
            write_header(sheet, table, house, heads, header_row, first_column + number * len(heads), again=number > 0)
        body_row = len(sheet.rows)
        for number, half in enumerate(halves):
            self._write_half(sheet, table, heads, half, body_row, first_column, number * len(heads))
        if not facts:
            sheet.put(body_row, table.columns["branch_name"], "无")
        if house.total in ("bottom", "formula") and any(head.is_summed for head in heads) and len(facts) > 1:
            self._write_total(sheet, table, heads, facts, len(sheet.rows))
        self._write_note(sheet, first_column)
        return table

    def _halves(self, facts: Sequence[Fact]) -> tuple[Sequence[Fact], Sequence[Fact]] | None:
        """Side by side (续表) when the house writes so and the list is long enough."""
        if self._house.layout != "side_by_side" or len(facts) < 12:
            return None
        middle = (len(facts) + 1) // 2
        return facts[:middle], facts[middle:]

    # Above the body

    def _write_preamble(self, sheet: SheetGrid, table: TableGrid, form: FormSpec, saved_on: str, width: int) -> None:
        """Write what stands above the header."""
        house = self._house
        first, last = house.leading_columns, house.leading_columns + width - 1
        stated = period_text(table.period, house.period_style)
        unit = self._township.name
        if self._rng.random() < 0.1 and house.suffix != "csv":
            sheet.put(len(sheet.rows), first, f"附件{self._rng.randint(1, 4)}")
            sheet.mess.add("attachment_line")
        title = house.title.format(unit=unit, period=stated, label=label_text(form.form, house))
        if form.frequency is Frequency.YEAR and house.period_in == "file":
            title = f"{stated}{title}"  # the file's name tells the month only
        if house.spaced_titles:
            title = title.replace("统计表", "统 计 表").replace("表", "  表")
        title_row = len(sheet.rows)
        sheet.put(title_row, first, title)
        if last > first:
            sheet.merges.append((title_row, first, title_row, last))
        if house.period_in == "line":
            sheet.put(len(sheet.rows), first, f"报告期：{stated}")
        money = any(column.type is ColumnType.MONEY for column in form.columns)
        unit_text = f"单位：{house.money}" if money else ""
        row = len(sheet.rows)
        if house.unit_line == "two_cells":
            sheet.put(row, first, f"填报单位：{unit}")
            if unit_text:
                sheet.put(row, last, unit_text)
        elif house.unit_line == "one_cell":
            sheet.put(row, first, f"填报单位（盖章）：{unit}党委          {unit_text}".rstrip())
            sheet.merges.append((row, first, row, last))
        elif house.unit_line == "filled_on":
            sheet.put(row, first, f"填报单位：{self._township.county_name}{unit}")
            sheet.put(row, (first + last) // 2, f"填报时间：{saved_on}")
            if unit_text:
                sheet.put(row, last, unit_text)
        table.title, table.unit_line = (title_row, first), (row, first)

    # The body

    def _write_half(
        self,
        sheet: SheetGrid,
        table: TableGrid,
        heads: Sequence[Head],
        facts: Sequence[Fact],
        top: int,
        first: int,
        shift: int,
    ) -> None:
        house = self._house
        writers = [writer_of(head.column, house) if head.column else None for head in heads]
        name_column = next(n for n, head in enumerate(heads) if head.role == "branch_name")
        row = top
        if house.total == "top" and any(head.is_summed for head in heads) and len(facts) > 1:
            self._write_total(sheet, table, heads, facts, row)
            row += 1
        kinds = list(dict.fromkeys(fact.branch.kind for fact in facts))
        sectioned = house.sections != "none" and len(kinds) > 1
        serial = 1 + len(table.rows)
        township_row = row
        for number, kind in enumerate(kinds if sectioned else [""]):
            members = [fact for fact in facts if not kind or fact.branch.kind == kind]
            if kind:
                sheet.put(row, first, f"{_NUMERALS[number]}、{_SECTION_TEXTS[kind]}")
                row += 1
            start = row
            for fact in members:
                base = first + shift
                cells: list[Content] = [None] * (base + len(heads))
                values = iter(fact.values)
                for offset, (head, write) in enumerate(zip(heads, writers, strict=True)):
                    if write is not None:
                        cells[base + offset] = write(next(values))
                    else:
                        cells[base + offset] = self._key(head.role, fact, serial, row == township_row)
                self._put_row(sheet, row, cells, base)
                table.rows[fact.branch.code] = row
                if shift:
                    table.shifts[fact.branch.code] = shift
                row += 1
                serial += 1
                if house.blank_rows and not serial % 10:
                    sheet.put(row, base, None)
                    row += 1
            if kind and house.sections == "subtotals" and len(members) > 1 and any(head.is_summed for head in heads):
                sheet.put(row, first + name_column, "小计")
                self._write_sums(sheet, heads, members, row, first, (start, row - 1))
                row += 1
        if house.township_column == "merged" and row - township_row > 1:
            column = first + shift + next(n for n, head in enumerate(heads) if head.role == "township")
            sheet.merges.append((township_row, column, row - 1, column))

    def _put_row(self, sheet: SheetGrid, row: int, cells: list[Content], base: int) -> None:
        if row == len(sheet.rows):
            sheet.rows.append(cells)
            return
        existing = sheet.rows[row]
        existing.extend([None] * (base - len(existing)))
        existing[base:] = cells[base:]

    def _key(self, role: str, fact: Fact, serial: int, first_row: bool) -> Content:
        house, branch = self._house, fact.branch
        if role == "serial":
            return serial
        if role == "township":
            return self._township.name if first_row or house.township_column == "repeated" else None
        if role == "branch_code":
            return int(branch.code) if house.code == "number" and branch.code.isdigit() else branch.code
        if role == "branch_name":
            return name_text(branch.name, branch.kind, self._township.name, serial, house)
        return remark_text(self._rng)

    # Totals and notes

    def _write_total(
        self, sheet: SheetGrid, table: TableGrid, heads: Sequence[Head], facts: Sequence[Fact], row: int
    ) -> None:
        first = self._house.leading_columns
        name_column = first + next(n for n, head in enumerate(heads) if head.role == "branch_name")
        text = self._house.total_text
        sheet.put(row, name_column, "    ".join(text) if self._house.spaced_titles else text)
        rows = [table.rows[fact.branch.code] for fact in facts if fact.branch.code in table.rows]
        span = (min(rows), max(rows)) if rows else None
        self._write_sums(sheet, heads, facts, row, first, span)
        table.total_row = row

    def _write_sums(
        self,
        sheet: SheetGrid,
        heads: Sequence[Head],
        facts: Sequence[Fact],
        row: int,
        first: int,
        span: tuple[int, int] | None,
    ) -> None:
        house = self._house
        index = 0
        for offset, head in enumerate(heads):
            if head.column is None:
                continue
            values = [fact.values[index] for fact in facts]
            index += 1
            if not head.is_summed:
                continue
            total: float = sum(value for value in values if isinstance(value, (int, float)))
            money = head.column.type is ColumnType.MONEY and house.money == "万元"
            number = round(total / 10_000, 4) if money else round(total, 2)
            content: Content = writer_of(head.column, house)(total)
            if house.total == "formula" and span and house.sections == "none" and house.suffix == "xlsx":
                letter = column_letter(first + offset)
                content = Formula(f"=SUM({letter}{span[0] + 1}:{letter}{span[1] + 1})", number)
            elif not isinstance(content, str):
                content = number
            sheet.put(row, first + offset, content)

    def _write_note(self, sheet: SheetGrid, first: int) -> None:
        note = {
            "note": "注：1.本表数据截至报告期末；2.金额保留两位小数。",
            "signature": "填表人：              审核人：              报出日期：",
            "source": "数据来源：各村上报，镇党建办汇总",
        }.get(self._house.note)
        if note:
            if self._rng.random() < 0.5:
                sheet.rows.append([])
            sheet.put(len(sheet.rows), first, note)
