"""`jiceng forms`: the return forms and their columns, as the specs have them."""

from __future__ import annotations

from ingestion.forms import Blank, Column, Forms, FormSpec
from ingestion.texts import fold
from jiceng import screen
from jiceng.mistakes import CannotDo

_FREQUENCIES = {"month": "月", "quarter": "季", "half": "半年", "year": "年", "on_change": "变动时"}

_BLANKS = {Blank.MISSING: "未报 missing", Blank.NIL: "无 nil", Blank.EXEMPT: "不适用 exempt"}


def form_called(name: str, forms: Forms) -> FormSpec:
    """The form of this name, label or title; else the only one whose names share a part with it.

    Raises CannotDo for none and for several, naming them.
    """
    asked = fold(name)
    named = [(form, [fold(text) for text in (form.form, form.label.zh, *form.titles)]) for form in forms.forms]
    found = [form for form, names in named if asked in names] or [
        form for form, names in named if asked and any(asked in text or text in asked for text in names)
    ]
    if len(found) == 1:
        return found[0]
    listed = "、".join(f"{form.label.zh} {form.form}" for form in found or forms.forms)
    raise CannotDo(
        f"“{name}”可指几个表式，请写全：{listed} · several forms are called so: {name}"
        if found
        else f"没有这个表式：{name}（有 {listed}） · there is no such form: {name}"
    )


def show_forms(forms: Forms) -> None:
    made = screen.table(
        "报表 Forms",
        "名称 form",
        "报表",
        "频次 every",
        "标题含 title contains",
        "栏 columns",
        "期后几日 due",
        "责任部门 owner",
    )
    for form in forms.forms:
        screen.add_row(
            made,
            form.form,
            f"{form.label.zh} {form.label.en}",
            f"{_FREQUENCIES[form.frequency]} {form.frequency}",
            "、".join(form.titles),
            len(form.columns),
            form.deadline_days,
            form.owner,
        )
    screen.show(made)


def show_form(form: FormSpec) -> None:
    title = f"{form.form} {form.label.zh} {form.label.en}"
    made = screen.table(
        title,
        "栏 column",
        "表头 header",
        "也认 also",
        "类型 type",
        "单位 unit",
        "必填 required",
        "空格表示 empty means",
        "说明 what",
    )
    for column in form.columns:
        screen.add_row(
            made,
            column.name,
            column.label,
            "、".join(synonym.text for synonym in column.synonyms),
            _type(column),
            column.unit,
            "是 yes" if column.required else "",
            _BLANKS[column.blank],
            column.description,
        )
    screen.show(made)


def _type(column: Column) -> str:
    if column.choices:
        return f"{column.type}: {' | '.join(texts[0] for texts in column.choices.values())}"
    return str(column.type)
