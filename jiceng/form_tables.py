"""`jiceng forms`: the return forms and their columns, as the specs have them."""

from __future__ import annotations

from ingestion.forms import Blank, Column, Forms, FormSpec
from jiceng import screen

_FREQUENCIES = {"month": "月", "quarter": "季", "half": "半年", "year": "年", "on_change": "变动时"}

_BLANKS = {Blank.MISSING: "未报 missing", Blank.NIL: "无 nil", Blank.EXEMPT: "不适用 exempt"}


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
