"""How a house writes one value: money in 元 or 万元, flags as √, dates as 2014.3, nothing as “—”."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ingestion.forms import Column, ColumnType
from samples.grids import Content
from samples.houses import House
from samples.styles import full_width

_EPOCH = date(1899, 12, 30)
_FLAGS = {"是否": ("是", "否"), "√×": ("√", "×"), "yn": ("Y", "N")}


def writer_of(column: Column, house: House) -> Callable[[object], Content]:
    """The function that turns a true value of the column into what the house writes."""
    nil: Content = house.nil if column.blank.value == "nil" else ""
    write = _WRITERS[column.type](column, house)
    return lambda value: nil if value is None else write(value)


def _money(column: Column, house: House) -> Callable[[object], Content]:
    divisor = 10_000 if house.money == "万元" else 1
    number = _number_writer(house)
    return lambda value: number(value if divisor == 1 else value / divisor)  # type: ignore[operator]


def _figure(column: Column, house: House) -> Callable[[object], Content]:
    number = _number_writer(house)
    if house.never_as_nil and column.unit == "次":
        return lambda value: number(value) if value else house.nil
    return number


def _number_writer(house: House) -> Callable[[object], Content]:
    if house.numbers == "text":
        return lambda value: f"{value:.10g}"
    if house.numbers == "full_width":
        return lambda value: full_width(f"{value:.10g}")
    if house.numbers == "commas":
        return lambda value: f"{value:,}" if value >= 1000 else value  # type: ignore[return-value,operator]
    return lambda value: value  # type: ignore[return-value]


def _year(column: Column, house: House) -> Callable[[object], Content]:
    return (lambda value: f"{value}年") if house.year_text else (lambda value: value)  # type: ignore[return-value]


def _flag(column: Column, house: House) -> Callable[[object], Content]:
    yes, no = ("有", "无") if column.name == "has_venue" and house.flag == "是否" else _FLAGS[house.flag]
    return lambda value: yes if value else no


def _choice(column: Column, house: House) -> Callable[[object], Content]:
    texts = {
        code: synonyms[min(house.label_style, len(synonyms) - 1)] for code, synonyms in (column.choices or {}).items()
    }
    return lambda value: texts[str(value)]


def _choices(column: Column, house: House) -> Callable[[object], Content]:
    texts = {
        code: synonyms[min(house.label_style, len(synonyms) - 1)] for code, synonyms in (column.choices or {}).items()
    }
    mark = ("、", "；", "/")[house.header_style % 3]
    return lambda value: mark.join(texts[code] for code in value)  # type: ignore[attr-defined]


def _text(column: Column, house: House) -> Callable[[object], Content]:
    return lambda value: str(value)


def _date(column: Column, house: House) -> Callable[[object], Content]:
    return lambda value: date_content(value, house.dates)  # type: ignore[arg-type]


def date_content(day: date, style: str) -> Content:
    """A date in one of the styles that returns show."""
    if style == "cell":
        return day
    if style == "serial":
        return (day - _EPOCH).days
    return {
        "iso": f"{day:%Y-%m-%d}",
        "dots": f"{day.year}.{day.month}.{day.day}",
        "chinese": f"{day.year}年{day.month}月{day.day}日",
        "month": f"{day.year}年{day.month}月",
        "month_dots": f"{day.year}.{day.month}",
    }[style]


_WRITERS: dict[ColumnType, Callable[[Column, House], Callable[[object], Content]]] = {
    ColumnType.MONEY: _money,
    ColumnType.COUNT: _figure,
    ColumnType.NUMBER: _figure,
    ColumnType.YEAR: _year,
    ColumnType.DATE: _date,
    ColumnType.FLAG: _flag,
    ColumnType.CHOICE: _choice,
    ColumnType.CHOICES: _choices,
    ColumnType.TEXT: _text,
}
