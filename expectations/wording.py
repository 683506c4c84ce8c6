"""Words for people: values as a clerk would write them, and a failing row's text with its values in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from numbers import Real

from expectations.suites import LABEL, Question
from ingestion.forms import Column, FormSpec

ZH, EN = 0, 1
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_EMPTY = ("（未填）", "(empty)")
_FLAG = {True: ("是", "yes"), False: ("否", "no")}


def failure_text(question: Question, row: Mapping[str, object]) -> tuple[str, str]:
    """What is wrong with a row, in Chinese and in English. Raises KeyError for a column that the query lacks."""

    def said(language: int) -> str:
        def filled(match: re.Match[str]) -> str:
            name = question.named(match[1])
            return (
                label(question.column)[language] if name == LABEL else shown(name, row[name], question.form)[language]
            )

        text = question.rule.failure.zh if language == ZH else question.rule.failure.en
        return _PLACEHOLDER.sub(filled, text)

    return said(ZH), said(EN)


def label(column: Column | None) -> tuple[str, str]:
    """What a field is called."""
    return (column.label, column.name.replace("_", " ")) if column else ("", "")


def shown(name: str, value: object, form: FormSpec | None) -> tuple[str, str]:
    """A value in Chinese and in English; its column's name tells the unit: `_yuan` is money, `_share` a part of 1."""
    if value is None or value != value:  # NaN and NaT are no value
        return _EMPTY
    if isinstance(value, str):
        return _text(name, value, form)
    if isinstance(value, date):
        return (value.isoformat()[:10],) * 2
    if value is True or value is False or type(value).__name__ == "bool":  # numpy's own bool is no bool
        return _FLAG[bool(value)]
    if isinstance(value, Real):
        return _number(name, float(value))
    return (str(value),) * 2


def _number(name: str, value: float) -> tuple[str, str]:
    if name.endswith("_yuan"):
        return f"{_plain(value / 10_000, 6)}万元", f"{_plain(value, 2, ',')} yuan"
    if name.endswith("_share"):
        return (f"{_plain(value * 100, 1)}%",) * 2
    return (_plain(value, 2),) * 2


def _plain(value: float, digits: int, grouping: str = "") -> str:
    text = f"{value:{grouping}.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(name: str, value: str, form: FormSpec | None) -> tuple[str, str]:
    column = form.by_name.get(name) if form else None
    if not column or not column.choices:
        return value, value
    codes = value.split("|")
    chinese = [column.choices[code][0] if code in column.choices else code for code in codes]
    return "、".join(chinese), ", ".join(code.replace("_", " ") for code in codes)
