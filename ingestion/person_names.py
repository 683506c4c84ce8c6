"""Names of persons in texts that ask for an office or a unit, and such a text with only the office left.

A name is a common surname or a compound one with one or two characters more. What ends like a place or a unit is none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.texts import fold

HAN = "[\u4e00-\u9fff]"
# The hundred most common surnames (Ministry of Public Security, national name report of 2020).
SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常]"
)
# 东方, 西门 and 百里 are left out: as names of firms and places they are far more common.
COMPOUNDS = (
    "欧阳 慕容 诸葛 司马 上官 司徒 夏侯 皇甫 尉迟 公孙 令狐 长孙 宇文 轩辕 端木 南宫 独孤 申屠 钟离 闻人 澹台 呼延 "
    "赫连 拓跋 淳于"
).replace(" ", "|")
_NAME = re.compile(f"(?:{COMPOUNDS}|{SURNAME}){HAN}{{1,2}}")
# What begins like a surname, but is a trade, an office or a place.
_WORDS = "林业 金融 石油 石化 黄金 武装 武警 常务 常委 方志 史志 高新 高速 高中 江北 江南 江东 江西 白酒"
_NO_NAMES = frozenset(_WORDS.split())
_WORD = re.compile(
    "任[命职期免用务]|金额|方[案法面式便]|程[度序]|高级|万元|于是|何[时人地种]|白天|向[上下前村县乡镇]|严[格重肃禁]|余额|许可|周[期边末年]"
    "|林[场地]|曾[经任]|付[款出清]|段落|钱[款物]|董事|顾问|常[年住设态]|单[位价]|路[长面程]|平[均方]|安[全排置]|应[配有缺急]|解[决散]|管[理护]"
    "|包[村括保]|强[化制]|容[量纳]|元[旦月]|党[员委组支总建办校]"
)
_PLACE_OR_UNIT = re.compile(
    ".*(?:[村镇乡县市区局部委办会院站所组社店厂场园处科室队校库联协团行屯堡沟庄寨甸湾圩庙塘坝岗坡坎坪畈塅埠垸峪坳洼窑渡埂垭碾街]|嘎查|公司|家[湾坡营岭河桥台岗塘坝窝洼])|.家"
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
    if fewest <= len(text) <= 4 and _NAME.fullmatch(text) and is_person(text):
        return MASK
    titled = _THEN_POST.fullmatch(text)
    if titled and len(titled[1]) >= fewest and is_person(titled[1]):
        return MASK + titled[2]
    return None


def is_person(name: str) -> bool:
    """Whether what has the form of a name is none of a place, a unit or an office, and no other word."""
    return name not in _NO_NAMES and not _WORD.match(name) and not _PLACE_OR_UNIT.fullmatch(name)


def name_at_end(run: str) -> str:
    """The name that characters without blanks end with, beside what only a person has; empty where they end with none.

    It is all of them, what follows an office, a unit or a place, or the last three.
    """
    tails = [run] if len(run) <= 4 else []
    for pattern, fewest in ((_OFFICE, 2), (_PLACE, 3)):
        tails += [tail for found in pattern.finditer(run) if fewest <= len(tail := run[found.end() :]) <= 4]
    return next((tail for tail in (*tails, run[-3:]) if _NAME.fullmatch(tail) and is_person(tail)), "")
