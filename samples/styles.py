"""House styles: how a township writes its returns. Every kind of mess named here is described in docs/sample.md."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

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
    {"period_in": "line", "title": "{label}统计表", "unit_line": "one_cell", "township_column": "merged", "nil": "—"},
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


_LABELS = {
    "operating_funding": ("村级组织运转经费", "村级组织运转经费收支"),
    "membership": ("党员队伍及发展党员", "党员队伍建设"),
    "drinking_water": ("农村饮水情况", "农村饮水安全"),
    "village_roads": ("村屯道路情况", "村路建设"),
    "venue": ("组织活动场所建设", "村级活动场所"),
    "leadership": ("领导班子配备", "村（社区）班子"),
    "rectification": ("软弱涣散党组织整顿台账", "整顿台账"),
}
_SHORT = {
    "operating_funding": "运转经费",
    "membership": "党员队伍",
    "drinking_water": "饮水",
    "village_roads": "道路",
    "venue": "活动场所",
    "leadership": "班子",
    "rectification": "整顿台账",
}
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_CHINESE_NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def in_year(house: House, year: int) -> House:
    """The house as it writes in a year."""
    if house.drifts and year >= 2014:
        return replace(house, header_style=(house.header_style + 1) % 4)
    return house


def label_text(form: str, house: House) -> str:
    """What the house calls the return."""
    return _LABELS[form][house.label_style]


def short_text(form: str) -> str:
    """What a sheet of the return is called."""
    return _SHORT[form]


def period_text(period: str, style: int) -> str:
    """A period as a title writes it: 2014-Q1 is 2014年第一季度, 2014年1-3月, 2014年1季度 …"""
    year, rest = period[:4], period[5:]
    if rest.startswith("Q"):
        quarter = int(rest[1])
        first, last = quarter * 3 - 2, quarter * 3
        return (
            f"{year}年第{_CHINESE_NUMBERS[quarter - 1]}季度",
            f"{year}年{quarter}季度",
            f"{year}年{first}-{last}月",
            f"{year.translate(_CHINESE_DIGITS)}年第{_CHINESE_NUMBERS[quarter - 1]}季度",
            f"{year}年1-{last}月",
        )[style]
    if rest.startswith("H"):
        half = int(rest[1])
        name = "上下"[half - 1]
        return (
            f"{year}年{name}半年",
            f"{year}年度{name}半年",
            f"{year}年{half * 6 - 5}-{half * 6}月",
            f"{year.translate(_CHINESE_DIGITS)}年{name}半年",
            f"{year}年{name}半年",
        )[style]
    month = int(rest)
    return (
        f"{year}年{month}月",
        f"{year}年{month:02d}月份",
        f"{year}.{month:02d}",
        f"{year.translate(_CHINESE_DIGITS)}年{_CHINESE_NUMBERS[month - 1]}月",
        f"{year}年{month}月",
    )[style]


_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def full_width(text: str) -> str:
    """Digits as an input method in Chinese mode writes them."""
    return text.translate(_FULL_WIDTH)


def name_text(name: str, kind: str, township: str, number: int, house: House) -> str:
    """A branch's name as the house writes it."""
    style = house.name_style
    village = kind == "village"
    if style == "spaced" and len(name) <= 4:
        return " ".join(name)
    if style == "indented":
        return f"\u3000{name}"
    if style == "township_prefix":
        return f"{township}{name}" if village else name
    if style == "committee" and village:
        return f"{name}委会" if number % 3 else f"{name}民委员会"
    if style == "party_branch" and village:
        return f"{name}党支部"
    if style == "bare" and village and len(name) > 2:
        return name.removesuffix("村")
    if style == "numbered":
        return f"{number}.{name}"
    return f"{name}\u00a0 " if style == "trailing_blank" else name


def remark_text(rng: Random) -> str | None:
    """Now and then a remark without meaning for the figures."""
    return rng.choice((None, None, None, None, "已核实", "见附件", "同上期"))
