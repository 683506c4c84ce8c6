"""Names of persons in texts that ask for an office or a unit, and such a text with only the office left.

A name is a common surname or a compound one with one or two characters more. What ends like a place or a unit is none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.texts import fold

_HAN = "[\u4e00-\u9fff]"
# The hundred most common surnames (Ministry of Public Security, national name report of 2020).
_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常]"
)
# 东方, 西门 and 百里 are left out: as names of firms and places they are far more common.
_COMPOUNDS = (
    "欧阳 慕容 诸葛 司马 上官 司徒 夏侯 皇甫 尉迟 公孙 令狐 长孙 宇文 轩辕 端木 南宫 独孤 申屠 钟离 闻人 澹台 呼延 "
    "赫连 拓跋 淳于"
)
_NAME = re.compile(f"(?:{_COMPOUNDS.replace(' ', '|')}|{_SURNAME}){_HAN}{{1,2}}")
# What begins like a surname, but is a trade, an office or a place.
_WORDS = "林业 金融 石油 石化 黄金 武装 武警 常务 常委 方志 史志 高新 高速 高中 江北 江南 江东 江西 白酒"
_NO_NAMES = frozenset(_WORDS.split())
_PLACE_OR_UNIT = re.compile(
    ".*(?:[村镇乡县市区局部委办会院站所组社店厂场园处科室队校库联协团行屯堡沟庄寨甸]|公司|家[湾坡营岭河桥台岗塘坝窝洼])|.家"
)
_POST = "(?:副?[县市区镇乡局部处科院校站所厅村]长|(?:副|第一)?书记|副?主任|常委|同志|主席)"
_THEN_POST = re.compile(f"({_NAME.pattern}?)({_POST})")
_OFFICE = re.compile(
    "书记|主任|主席|常委|领导|干部|专员|委员|[县市区镇乡局部处科院校站所厅村组队会行社事察书]长|经理"
    "|[局部委办联队站所院会处科室组厂社校厅团]|公司|集团"
)
_PLACE = re.compile("[省市县区镇乡村]")
_BETWEEN = re.compile(r"([、，,;；/|()（）\[\]【】:：]+)")
_BLANKS = re.compile(r"(\s+)")
MASK = "***"


def looks_like_name(text: str) -> bool:
    """Whether a text is the name of a person, or several."""
    return any(map(_NAME.fullmatch, re.split(r"[\s、，,;；/]+", text)))


@lru_cache(maxsize=32_768)
def without_names(text: str) -> str:
    """A text that tells an office or a unit, without the names of persons that stand in it."""
    return "".join(part if n % 2 else _without_names(part) for n, part in enumerate(_BETWEEN.split(text)))


def _without_names(part: str) -> str:
    folded = fold(part)
    masked = _masked(folded)
    if masked != folded:
        return masked
    words = _BLANKS.split(part.strip())
    return part if len(words) == 1 else "".join(w if n % 2 else _masked(w) for n, w in enumerate(words))


def _masked(text: str) -> str:
    """A text without blanks; its end is masked where it is a name, alone or after an office, a unit or a place."""
    whole = _masked_name(text, fewest=2)
    if whole is not None:
        return whole
    for pattern, fewest in ((_OFFICE, 2), (_PLACE, 3)):
        for found in pattern.finditer(text):
            tail = _masked_name(text[found.end() :], fewest)
            if tail is not None:
                return text[: found.end()] + tail
    return text


def _masked_name(text: str, fewest: int) -> str | None:
    if fewest <= len(text) <= 4 and _NAME.fullmatch(text) and _is_person(text):
        return MASK
    titled = _THEN_POST.fullmatch(text)
    if titled and len(titled[1]) >= fewest and _is_person(titled[1]):
        return MASK + titled[2]
    return None


def _is_person(name: str) -> bool:
    return name not in _NO_NAMES and not _PLACE_OR_UNIT.fullmatch(name)
