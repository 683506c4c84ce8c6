"""The words a layout is recognised by: labels of every form, ready for look-up, and the marks of rows that are no data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from rapidfuzz import fuzz, process

from ingestion import units
from ingestion.forms import Forms, FormSpec, Layout
from ingestion.texts import bracketed, fold, fold_label, without_brackets

_TOTAL = re.compile(r"(?:全[镇乡街县市区]|本[镇乡街县市区])?(?:合计|总计|共计|累计|汇总|全[镇乡县市区])(?:数)?")
_SUBTOTAL = re.compile(r".{0,12}小计(?:\d+)?")
_NOTE = re.compile(
    r"(?:注|附注|备注|说明|填表说明|填报说明|数据来源|资料来源|填表|制表|填报|审核|复核|报送|报出|单位负责|分管领导|主要领导|负责|联系|日期|附)"
    r"(?:[^:(\d]{0,6})(?:[:(.]|\d+[.、])"
)
_SECTION = re.compile(r"(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+部分)")
_COLUMN_NUMBER = re.compile(r"甲|乙|丙|栏次|列次|行次|\(?\d{1,2}\)?|[A-Z]")
_COVER = re.compile(r"封面|目录|说明|填表须知|Sheet\d*|sheet\d*")
_PERSONAL = re.compile(r"姓名|身份证|手机|电话|联系方式|银行卡|银行账|卡号|账号|住址|家庭地址|出生|微信|QQ|邮箱|名单")


class NameKind(Enum):
    """What a text in the name column (or at the head of a row) makes of its row."""

    NAME = auto()
    EMPTY = auto()
    TOTAL = auto()
    SUBTOTAL = auto()
    NOTE = auto()
    SECTION = auto()
    LABEL = auto()  # a header text: the row may begin another header


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """What a header cell was recognised as; both None when it was not."""

    field: str | None = None
    role: str | None = None
    unit: str | None = None


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
            fold_label(label) for form in forms.forms if form.layout is Layout.PERIODS_ACROSS for label in form.key_labels
        }
        self._titles = [(fold(title), form) for form in forms.forms for title in form.titles]
        self.name_kind = lru_cache(maxsize=65_536)(self._name_kind)
        self.title_forms = lru_cache(maxsize=16_384)(self._title_forms)

    def is_anchor(self, text: object) -> bool:
        """Whether a cell is the header of the column that says whose row it is."""
        if type(text) is not str or len(text) > 30:
            return False
        folded = fold_label(text)
        return self._role(folded) in ("branch_name", "branch_code") or folded in self._area_labels

    def is_label(self, text: object) -> bool:
        """Whether a cell is a header of any form, or a group that headers stand under."""
        if type(text) is not str or len(text) > 40:
            return False
        folded = fold_label(text)
        bare = without_brackets(folded)
        return any(t in self._labels or t in self._groups or t in self._roles for t in (folded, bare))

    def is_area_label(self, text: str) -> bool:
        """Whether a header heads the names of a periods-across table."""
        return fold_label(text) in self._area_labels

    def recognise(self, form: FormSpec, stack: tuple[str, ...]) -> HeaderCell:
        """What the header cell with these texts, top to bottom, is in the form."""
        unit = next((inner for text in stack for inner in _units_in(text)), None)
        texts = [fold_label(text) for text in stack if not units.is_unit(text.strip("()（）"))]
        fields = self._fields[form.form]
        for text in _candidates(texts):
            if text in fields:
                return HeaderCell(field=fields[text], unit=unit)
        for text in _candidates(texts):
            role = self._role(text)
            if role:
                return HeaderCell(role=role)
        return HeaderCell(unit=unit)

    def nearest_field(self, form: FormSpec, header: str, among: set[str]) -> str | None:
        """The field, of those still unmatched, whose texts come closest to an unknown header; None when none is close."""
        choices = {text: field for text, field in self._fields[form.form].items() if field in among}
        best = process.extractOne(without_brackets(fold_label(header)), list(choices), scorer=fuzz.ratio, score_cutoff=50)
        return choices[best[0]] if best else None

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
        if _TOTAL.fullmatch(folded):
            return NameKind.TOTAL
        if _SUBTOTAL.fullmatch(folded):
            return NameKind.SUBTOTAL
        if _NOTE.match(folded):
            return NameKind.NOTE
        if self.is_label(text):
            return NameKind.LABEL
        return NameKind.SECTION if _SECTION.match(folded) else NameKind.NAME


def is_column_number(text: object) -> bool:
    """Whether a cell below a header only numbers the column (甲, 乙, 1, 2, 栏次)."""
    if isinstance(text, float):
        return text.is_integer() and 0 < text < 60
    return isinstance(text, str) and bool(_COLUMN_NUMBER.fullmatch(fold(text)))


def is_cover(name: str, first_text: str) -> bool:
    """Whether a sheet that holds no return is a cover, a list of contents or an instruction."""
    return bool(_COVER.search(fold(name))) and bool(name) or bool(_COVER.fullmatch(fold(first_text)[:4]))


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


def _candidates(texts: list[str]) -> Iterator[str]:
    """Readings of a header stack, the most telling first: the lowest text, all joined, parents; then without brackets."""
    joined = "".join(texts)
    readings = [*reversed(texts), joined, *("".join(pair) for pair in zip(texts, texts[1:], strict=False))]
    yield from readings
    for text in readings:
        bare = without_brackets(text)
        if bare and bare != text:
            yield bare.strip(":")


def _units_in(text: str) -> list[str]:
    folded = fold(text)
    if units.is_unit(folded.strip("()")):
        return [folded.strip("()")]
    return [inner for inner in bracketed(folded) if units.is_unit(inner)]
