"""Texts in a house's style: titles, sheet names, periods, names of branches, remarks."""

from __future__ import annotations

from random import Random

from samples.houses import House

_LABELS = {
    "operating_funding": ("村级组织运转经费", "村级组织运转经费收支"),
    "membership": ("党员队伍及发展党员", "党员队伍建设"),
    "drinking_water": ("农村饮水情况", "农村饮水安全"),
    "village_roads": ("村屯道路情况", "村路建设"),
    "venue": ("组织活动场所建设", "村级活动场所"),
    "leadership": ("领导班子配备", "村（社区）班子"),
    "rectification": ("软弱涣散党组织整顿台账", "整顿台账"),
    "organisation_life": ("组织生活开展情况", "“三会一课”开展情况"),
    "contact_visits": ("联系走访情况", "领导干部联系走访"),
    "assessment": ("村级分类考核和星级评定", "村级分类考核"),
    "support_outcomes": ("整顿帮扶成效", "软弱涣散村整顿成效"),
    "services": ("便民服务及志愿服务", "志愿服务情况"),
}
_SHORT = {
    "operating_funding": "运转经费",
    "membership": "党员队伍",
    "drinking_water": "饮水",
    "village_roads": "道路",
    "venue": "活动场所",
    "leadership": "班子",
    "rectification": "整顿台账",
    "organisation_life": "组织生活",
    "contact_visits": "联系走访",
    "assessment": "考核星级",
    "support_outcomes": "帮扶成效",
    "services": "便民服务",
}
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_CHINESE_NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def label_text(form: str, house: House) -> str:
    """What the house calls the return."""
    return _LABELS[form][house.label_style]


def short_text(form: str) -> str:
    """What a sheet of the return is called."""
    return _SHORT[form]


def period_text(period: str, style: int) -> str:
    """A period as a title writes it: 2014-Q1 is 2014年第一季度, 2014年1-3月, 2014年1季度 …"""
    year, rest = period[:4], period[5:]
    if not rest:
        return f"{year.translate(_CHINESE_DIGITS) if style == 3 else year}年度"
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
