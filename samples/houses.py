"""House styles: how a township writes its returns. Every kind of mess named here is described in docs/sample.md."""

from __future__ import annotations

from dataclasses import dataclass, replace

from samples.places import Township


@dataclass(frozen=True, slots=True)
class House:
    """What a township's clerk does the same way every month."""

    suffix: str = "xlsx"  # xlsx, xls or csv
    encoding: str = "utf-8-sig"  # of CSV files
    file_name: str = "{unit}{year}年{month}月报表"
    year_folder: bool = False
    title: str = "{unit}{period}{label}统计表"
    period_in: str = "title"  # title, line (报告期：), sheet or file
    period_style: int = 0
    label_style: int = 0
    sheet_style: str = "label"  # label, sheet_number, table_number, period
    unit_line: str = "two_cells"  # two_cells, one_cell, filled_on, none
    money: str = "万元"
    unit_in_header: bool = False
    header_style: int = 0  # which of a column's labels is used
    group_header: bool = True  # 其中, 路况 in a row of their own
    money_groups: bool = False  # 收入, 支出 above the funding columns
    unit_row: bool = False  # units in a header row of their own
    column_numbers: bool = False  # 甲 1 2 3 below the header
    serial: bool = True
    code: str = "none"  # none, text or number
    township_column: str = "none"  # none, repeated or merged
    remark: bool = False
    name_style: str = "plain"
    sections: str = "none"  # none, rows or subtotals
    total: str = "bottom"  # none, top, bottom or formula
    total_text: str = "合计"
    note: str = "none"  # none, note, signature or source
    nil: str = ""
    flag: str = "是否"  # 是否, √× or yn
    dates: str = "iso"  # iso, dots, chinese, month, month_dots, cell or serial
    year_text: bool = False
    numbers: str = "plain"  # plain, text, full_width or commas
    leading_rows: int = 0
    leading_columns: int = 0
    cover: bool = False
    empty_sheets: int = 0
    layout: str = "sheets"  # sheets, stacked or side_by_side
    drifts: bool = False  # other header texts from 2014 on
    spaced_titles: bool = False  # 统 计 表, 合   计, 序 号
    broken_headers: bool = False  # long headers with a line break
    blank_rows: bool = False  # an empty row after every tenth
    never_as_nil: bool = False  # what happened no time (次) is written as nil, not as 0
    nil_return: bool = False  # a ledger that lists nobody is sent with 无 in its only row

    def shows_days(self) -> bool:
        """Whether dates keep their day."""
        return self.dates not in ("month", "month_dots")


# One row per township, in the order of the codes; what is not said is as in House. The last ones belong to the county
# of the second report, which sends a tidier form of its own.
_HOUSES: tuple[dict[str, object], ...] = (
    {"drifts": True},
    {"period_in": "sheet", "title": "{unit}{label}表", "sheet_style": "period", "name_style": "spaced", "nil": "—"},
    {
        "title": "{label}统计表（{period}）",
        "period_style": 1,
        "name_style": "indented",
        "sections": "rows",
        "numbers": "text",
        "column_numbers": True,
        "total": "top",
        "note": "note",
    },
    {
        "suffix": "xls",
        "file_name": "{year}.{month:02d}{unit}基层组织情况",
        "period_in": "file",
        "title": "{unit}{label}一览表",
        "unit_in_header": True,
        "unit_line": "filled_on",
        "name_style": "township_prefix",
        "nil": "/",
        "dates": "dots",
    },
    {
        "money": "元",
        "name_style": "committee",
        "flag": "√×",
        "empty_sheets": 2,
        "sheet_style": "sheet_number",
        "total": "formula",
        "dates": "cell",
    },
    {
        "suffix": "csv",
        "file_name": "{year}年{month}月{label}",
        "unit_line": "filled_on",
        "money": "元",
        "unit_in_header": True,
        "code": "text",
        "serial": False,
        "dates": "month_dots",
        "group_header": False,
    },
    {
        "unit_row": True,
        "cover": True,
        "remark": True,
        "sections": "subtotals",
        "nil": "无",
        "period_in": "line",
        "title": "{unit}{label}表",
        "header_style": 1,
    },
    {
        "code": "number",
        "township_column": "merged",
        "total_text": "总计",
        "period_style": 2,
        "dates": "serial",
        "leading_rows": 2,
        "leading_columns": 1,
        "year_folder": True,
    },
    {
        "layout": "stacked",
        "title": "{period}{label}表",
        "sheet_style": "sheet_number",
        "numbers": "full_width",
        "label_style": 1,
        "note": "source",
        "header_style": 1,
    },
    {
        "layout": "side_by_side",
        "name_style": "bare",
        "file_name": "{unit}月报（{year}年{month}月）",
        "dates": "chinese",
        "money_groups": True,
        "note": "signature",
    },
    {
        "suffix": "csv",
        "encoding": "gb18030",
        "file_name": "{label}{year}{month:02d}",
        "title": "{unit}{period}{label}统计表",
        "name_style": "numbered",
        "serial": False,
        "flag": "√×",
        "nil": "-",
        "unit_in_header": True,
        "group_header": False,
        "total_text": "全镇合计",
    },
    {
        "period_style": 3,
        "township_column": "repeated",
        "header_style": 2,
        "unit_line": "one_cell",
        "numbers": "commas",
        "money": "元",
        "year_text": True,
        "cover": True,
    },
    {
        "suffix": "xls",
        "title": "{unit}{period}{label}统计表",
        "label_style": 1,
        "sheet_style": "table_number",
        "column_numbers": True,
        "money_groups": True,
        "dates": "cell",
        "nil": "——",
        "empty_sheets": 1,
    },
    {
        "name_style": "party_branch",
        "total": "none",
        "note": "note",
        "unit_line": "filled_on",
        "dates": "month",
        "flag": "yn",
        "leading_rows": 1,
        "blank_rows": True,
        "nil_return": True,
    },
    {
        "layout": "stacked",
        "period_in": "file",
        "title": "{unit}{label}表",
        "file_name": "{unit}{year}年{month}月",
        "name_style": "spaced",
        "nil": "无",
        "code": "text",
        "spaced_titles": True,
    },
    {"sections": "subtotals", "total": "formula", "unit_row": True, "name_style": "trailing_blank", "period_style": 4},
    {
        "layout": "side_by_side",
        "period_style": 1,
        "flag": "√×",
        "money": "元",
        "unit_in_header": True,
        "year_folder": True,
        "broken_headers": True,
    },
    {"header_style": 3, "sections": "rows", "serial": False, "numbers": "text", "dates": "serial", "remark": True},
    {
        "suffix": "xls",
        "encoding": "utf-8-sig",
        "code": "text",
        "total": "top",
        "name_style": "indented",
        "period_in": "sheet",
        "title": "{unit}{label}统计表",
        "sheet_style": "period",
    },
    {
        "period_in": "line",
        "title": "{label}统计表",
        "unit_line": "one_cell",
        "township_column": "merged",
        "nil": "—",
        "never_as_nil": True,
    },
)
_COUNTY_HOUSES: tuple[dict[str, object], ...] = (
    {},
    {"code": "text"},
    {"column_numbers": True, "note": "signature"},
    {"suffix": "csv", "file_name": "{label}（{year}年{month}月）", "group_header": False},
    {"header_style": 1, "total": "formula"},
    {"nil": "—", "remark": True, "drifts": True},
    {"name_style": "spaced", "dates": "chinese", "broken_headers": True, "nil_return": True},
    {"money": "元", "unit_in_header": True},
    {"suffix": "xls", "total_text": "总计"},
    {"sections": "subtotals", "unit_row": True},
    {"total": "top", "numbers": "text"},
    {"flag": "√×", "dates": "dots"},
    {"leading_rows": 1, "leading_columns": 2, "empty_sheets": 2},
    {"suffix": "csv", "encoding": "gb18030", "file_name": "{year}-{month:02d}{label}", "group_header": False},
    {"name_style": "committee", "cover": True, "period_style": 1},
)


def houses_of(townships: tuple[Township, ...]) -> dict[str, House]:
    """The house style of every township, by its code."""
    rows = (*_HOUSES, *_COUNTY_HOUSES)
    return {t.code: House(**rows[n % len(rows)]) for n, t in enumerate(townships)}  # type: ignore[arg-type]


def in_year(house: House, year: int) -> House:
    """The house as it writes in a year."""
    if house.drifts and year >= 2014:
        return replace(house, header_style=(house.header_style + 1) % 4)
    return house
