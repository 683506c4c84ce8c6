"""The words a layout is recognised by: labels of every form, and the marks of rows that are no data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from ingestion import units
from ingestion.forms import Column, ColumnType, Forms, FormSpec, Layout
from ingestion.texts import NIL_TEXTS, bracketed, fold, fold_label, without_brackets

_TOTAL = re.compile(r"(?:[全本][镇乡街县市区]道?)?(?:合计|总计|共计|累计|汇总|全[镇乡县市区])(?:数)?")
_SUBTOTAL = re.compile(r".{0,12}小计(?:\d+)?|.{1,12}(?:合计|总计|共计)(?:数)?|平均(?:数|值)?|其中:.{1,12}")
_NOTE = re.compile(
    r"(?:注|附注|备注|说明|填表|填报|填写|数据来源|资料来源|制表|审核|复核|报送|报出|单位负责|分管领导|主要领导|负责|联系|日期|附)"
    r"(?:[^:(\d]{0,6})(?:[:(.]|\d+[.、])"
)
_SECTION = re.compile(r"(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+部分)")
_COLUMN_NUMBER = re.compile(r"甲|乙|丙|丁|栏次|列次|行次|\(?\d{1,2}\)?|[A-Z]")
_COVER = re.compile(r"封面|目录|说明|须知")
_EMPTY_SHEET = re.compile(r"Sheet\d*|sheet\d*")
_PERSONAL = re.compile(
    r"姓名|身份证|手机|电话|联系方式|银行卡|银行账|卡号|账号|住址|家庭地址|出生|微信|QQ|邮箱|名单"
    # Columns headed by a post hold the names of those who have it.
    r"|(?:负责|责任|联系|经办|填表|审核|制表|包村|包保|包片|帮扶|驻村)人员?(?:签字|签名)?$|户主|法人代表|法定代表"
    r"|(?:联系|包村|包保|包片|包抓|分管|带队|挂点|挂职|责任|牵头|帮扶)(?:县|市|区|镇|乡|街道|级)?(?:领导|干部)$"
    r"|(?:书记|副书记|主任|支书|队长|专干|会计|文书|第一书记)$"
)
# What stands above a label and makes it another figure than the one the label alone would be.
_OTHER_FIGURE = re.compile(
    r"上年|去年|前年|同期|上季|上月|上期|上半年末|比上|增长|增减|增幅|预算|目标|任务|计划数|占比|比例|比重|人均|平均"
)
_HARMLESS_BRACKET = re.compile(
    r"(?:请?填|选填|打)?(?:(?:是|否|有|无|√|×|/|或|、|,)+)|(?:年|月|日|/|、|-|\.|Y|M|D|y|m|d)+|盖章|必填|选填|可不填|合计数?|填写?数字|阿拉伯数字"
)
_CUMULATIVE_BRACKET = re.compile(r"(?:本年|当年|年初至今|年初以来|1-\d+月)?(?:累计)数?")
_STOCK_BRACKET = re.compile(r"(?:季末|期末|月末|年末|报告期末|截至期末)数?")


class NameKind(Enum):
    """What a text in the name column (or at the head of a row) makes of its row."""

    NAME = auto()
    EMPTY = auto()
    TOTAL = auto()
    SUBTOTAL = auto()
    NOTE = auto()
    SECTION = auto()
    LABEL = auto()  # a header text: the row may begin another header
    NIL = auto()  # 无: there is nobody to list


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """What a header cell was recognised as; both None when it was not. `text` is the spec's text that matched."""

    field: str | None = None
    role: str | None = None
    unit: str | None = None
    text: str | None = None


class Vocabulary:
    """Look-up tables made once from the form specs."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self._roles = {fold_label(text): key.role for key in forms.keys for text in key.header_texts}
        self._fields = {form.form: _field_texts(form) for form in forms.forms}
        self._labels = {text for fields in self._fields.values() for text in fields}
        self._groups = {
            fold_label(column.group) for form in forms.forms for column in form.columns if column.group is not None
        }
        self._area_labels = {
            fold_label(label)
            for form in forms.forms
            if form.layout is Layout.PERIODS_ACROSS
            for label in form.key_labels
        }
        self._key_labels = {
            fold_label(label) for form in forms.forms if form.layout is Layout.ROWS for label in form.key_labels
        }
        self._all_labels = frozenset(
            {*self._labels, *self._groups, *self._roles, *self._area_labels, *self._key_labels}
        )
        anchors = [text for text, role in self._roles.items() if role in ("branch_name", "branch_code")]
        letters = "".join({ch for text in (*anchors, *self._area_labels, *self._key_labels) for ch in text})
        # Texts that consist of the anchors' characters (with marks between them, or something in brackets behind).
        self._anchor_like = re.compile(
            rf"(?=.*[{re.escape(letters)}])(?:[{re.escape(letters)}]|[^\u4e00-\u9fff])*(?:[(（\[【].*)?", re.DOTALL
        )
        self._recognised: dict[tuple[str, tuple[str, ...]], HeaderCell] = {}
        self._titles = [(fold(title), form) for form in forms.forms for title in form.titles]
        self.name_kind = lru_cache(maxsize=65_536)(self._name_kind)
        self.title_forms = lru_cache(maxsize=16_384)(self._title_forms)
        self.is_anchor = lru_cache(maxsize=16_384)(self._is_anchor)
        self.is_label = lru_cache(maxsize=16_384)(self._is_label)

    def is_area_label(self, text: str) -> bool:
        """Whether a header heads the names of a periods-across table."""
        return fold_label(text) in self._area_labels

    def role(self, text: str) -> str | None:
        """The role of a key column with this header."""
        return self._role(fold_label(text))

    def label_of(self, role: str) -> str:
        """The header that a key column of this role should have."""
        return next(key.label for key in self.forms.keys if key.role == role)

    def recognise(self, form: FormSpec, stack: tuple[str, ...]) -> HeaderCell:
        """What the header cell with these texts, top to bottom, is in the form."""
        known = self._recognised.get((form.form, stack))
        if known is None:
            known = self._recognised[form.form, stack] = self._recognise(form, stack)
        return known

    def _recognise(self, form: FormSpec, stack: tuple[str, ...]) -> HeaderCell:
        unit = next((inner for text in stack for inner in _units_in(text)), None)
        # 村 is a unit (of counts) as well as the shortest header of the names: alone it is the header.
        words = [text for text in stack if not units.is_unit(text.strip("()（） "))]
        texts = [fold_label(text) for text in words or stack]
        fields = self._fields[form.form]
        for reading, rest in _readings(texts):
            name = fields.get(reading)
            if name and not (rest and _OTHER_FIGURE.search(rest)):
                return HeaderCell(field=name, unit=unit, text=reading)
            bare = without_brackets(reading).strip(":")
            name = fields.get(bare) if bare != reading else None
            if name and not (rest and _OTHER_FIGURE.search(rest)) and _brackets_are_harmless(form, name, reading):
                return HeaderCell(field=name, unit=unit, text=bare)
        for reading, _ in _readings(texts):
            role = self._role(reading) or self._role(without_brackets(reading).strip(":"))
            if role:
                return HeaderCell(role=role)
            if reading in self._key_labels and form.key_labels:
                return HeaderCell(role="branch_name")
        return HeaderCell(unit=unit)

    def nearest_field(self, form: FormSpec, header: str, among: set[str]) -> str | None:
        """The field, of those still unmatched, whose texts come closest to an unknown header; None if none is close."""
        choices = {text: field for text, field in self._fields[form.form].items() if field in among}
        best = process.extractOne(
            without_brackets(fold_label(header)), list(choices), scorer=fuzz.ratio, score_cutoff=50
        )
        return choices[best[0]] if best else None

    def forms_named(self, texts: Iterable[str]) -> tuple[FormSpec, ...]:
        """The forms named by the first of the texts that names any."""
        return next(filter(None, map(self.title_forms, texts)), ())

    def _is_anchor(self, text: str) -> bool:
        """Whether a cell is the header of the column that says whose row it is."""
        if len(text) > 30 or not self._anchor_like.fullmatch(text):
            return False
        folded = fold_label(text)
        known = self._role(folded) or self._role(without_brackets(folded))
        return known in ("branch_name", "branch_code") or folded in self._area_labels or folded in self._key_labels

    def _is_label(self, text: str) -> bool:
        """Whether a cell is a header of any form, or a group that headers stand under."""
        if len(text) > 40:
            return False
        folded = fold_label(text)
        bare = without_brackets(folded)
        return any(t in self._all_labels for t in (folded, bare))

    def _role(self, folded: str) -> str | None:
        return self._roles.get(folded)

    def _title_forms(self, text: str) -> tuple[FormSpec, ...]:
        folded = fold(text)
        found = [form for title, form in self._titles if title in folded]
        return tuple({form.form: form for form in found}.values())

    def _name_kind(self, text: str) -> NameKind:
        folded = fold(text)
        if not folded:
            return NameKind.EMPTY
        if folded in NIL_TEXTS:
            return NameKind.NIL
        bare = without_brackets(folded).strip(":")
        if _TOTAL.fullmatch(bare):
            return NameKind.TOTAL
        if _SUBTOTAL.fullmatch(bare):
            return NameKind.SUBTOTAL
        if _NOTE.match(folded):
            return NameKind.NOTE
        if _SECTION.match(folded):
            return NameKind.SECTION
        return NameKind.LABEL if self.is_label(text) else NameKind.NAME


def is_column_number(text: object) -> bool:
    """Whether a cell below a header only numbers the column (甲, 乙, 1, 2, 栏次)."""
    if isinstance(text, (int, float)):
        return float(text).is_integer() and 0 < text < 60
    return isinstance(text, str) and bool(_COLUMN_NUMBER.fullmatch(fold(text)))


def is_cover(name: str, first_text: str) -> bool:
    """Whether a sheet that holds no return is a cover, a list of contents or an instruction."""
    return bool(_COVER.search(fold(name))) or bool(_COVER.fullmatch(fold(first_text)[:4]))


def is_personal(header: str) -> bool:
    """Whether a header asks for facts about persons, which are never landed."""
    return bool(_PERSONAL.search(fold(header)))


def _field_texts(form: FormSpec) -> dict[str, str]:
    texts: dict[str, str] = {}
    for column in form.columns:
        for header in column.header_texts:
            folded = fold_label(header)
            texts.setdefault(folded, column.name)
            if column.group:
                texts.setdefault(fold_label(column.group) + folded, column.name)
    return texts


def _readings(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Readings of a header stack, the most telling first, and what each leaves unread."""
    joined = "".join(texts)
    yield joined, ""
    for first, second in pairwise(texts):
        yield first + second, joined.replace(first + second, "", 1)
    for text in reversed(texts):
        yield text, joined.replace(text, "", 1)


def _brackets_are_harmless(form: FormSpec, name: str, folded: str) -> bool:
    """Whether what stands in brackets behind a label leaves its meaning as it is: a unit, or how to fill it in."""
    column = form.by_name[name]
    return all(_is_harmless(form, column, inner) for inner in bracketed(folded))


def _is_harmless(form: FormSpec, column: Column, inner: str) -> bool:
    cumulative = form.cumulative if column.cumulative is None else column.cumulative
    if not inner or units.looks_like_unit(inner) or _HARMLESS_BRACKET.fullmatch(inner):
        return True
    if (_CUMULATIVE_BRACKET if cumulative else _STOCK_BRACKET).fullmatch(inner):
        return True
    if column.type in (ColumnType.CHOICE, ColumnType.CHOICES):
        return all(part in column.choice_codes for part in re.split(r"[、,/]|或", inner) if part)
    return False


def _units_in(text: str) -> list[str]:
    """Units that a header text states, in brackets or alone; unknown ones too, so that they can be reported."""
    folded = fold(text)
    if units.is_unit(folded.strip("()")):
        return [folded.strip("()")]
    return [inner for inner in bracketed(folded) if units.looks_like_unit(inner)]
