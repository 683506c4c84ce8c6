"""Names of persons that a text itself calls so: behind a label or a post, before a title, beside a person's number.

A name alone is not told from a place (石门, 高台子): what stands around it has to say that it is a person. What ends
like a village, a unit or an office is none even there, so that 负责人：李家村 and 李家村 139****78 stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingestion.person_names import COMPOUNDS, HAN, MASK, SURNAME, is_person, name_at_end

# Further surnames, rarer or words of their own: only where a label asks for a name.
_RARER = (
    "卫褚尤施戚喻柏窦章云葛奚郎鲁昌苗凤花俞柳酆鲍费廉岑倪汤滕殷毕邬傅皮卞齐伍卜穆萧湛祁禹狄米贝臧计伏谈茅庞纪舒屈项祝"
    "阮蓝闵席季麻娄童颜梅盛刁骆樊凌霍虞支柯昝房裘缪干宗宣贲郁杭洪诸左吉钮嵇邢裴荣翁荀羊惠甄曲芮羿储靳汲邴糜松井富巫乌"
    "焦巴弓牧隗车宓蓬郗班仰仲伊宫宁仇栾甘钭厉戎祖符景詹幸司韶郜蓟薄宿怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥苍闻莘翟贡劳逄姬"
    "申扶堵冉宰郦雍璩桑桂濮牛边扈燕冀浦尚农温庄晏柴瞿阎慕连茹宦艾鱼古易慎戈衡耿弘匡文寇禄阙沃蔚夔隆师巩厍聂晁勾敖融冷"
    "訾辛阚简饶沙乜养鞠丰巢关蒯查後荆红游竺权逯盖益桓岳帅缑亢况郈琴商佘佴伯赏墨哈谯佟占迟战初邸苑矫亓丛修仉单安路应解"
    "管包强容平元党"
)
_ANY_SURNAME = f"[{SURNAME[1:-1]}{_RARER}]"
_BLANK = r"[ \t\u3000\xa0\u200b-\u200d]"
_COMPOUND = f"(?:{COMPOUNDS}){HAN}{{1,2}}"
_ALONE = re.compile(f"{_ANY_SURNAME}{HAN}{{1,2}}")
_LISTED = re.compile(rf"{HAN}{{2,8}}[·•・]{HAN}{{2,8}}|{_COMPOUND}|{_ALONE.pattern}")
_ASKED_FOR = re.compile(
    rf"(?:{HAN}{{2,8}}[·•・]{HAN}{{2,8}}|{_COMPOUND}|{_ANY_SURNAME}{_BLANK}{{0,4}}{HAN}{{1,2}}?)"
    rf"(?=$|[^\u4e00-\u9fff]|同志|先生|女士|书记|主任|电话|手机|联系|身份证|性别|职务|签|盖|审[核批]|复核|填[表报]|制表|经办|报[送出]"
    rf"|负责|单位|日期|时间|[男女](?:[^\u4e00-\u9fff]|$))"
)
_COMMON = rf"(?:{_COMPOUND}|{SURNAME}{HAN}{{1,2}})(?!{HAN})"
_AND = re.compile(rf"{_BLANK}*[、，,;；/]{_BLANK}*|{_BLANK}+")

_PERSON = (
    "(?:(?:联系|负责|责任|经办|承办|填表|填报|制表|审核|审批|复核|报送|上报|报表|编制|统计|录入|联络|分管|包村|包保|驻村|帮扶)人员?"
    "|法定代表人?|法人代表|法人|户主|联络员|统计员|报账员|会计|出纳|文书|姓名)"
)
_DOES = "(?:制表|填表|填报|审核|审批|复核|经办|校对|签字|签名|签章)"  # in 制表：王建国 the label is what is done
_HEAD_OF = "[县市区镇乡局院校站所厅村]"
_POST = (
    "(?:(?:第一|副|支部|村支?部?|党委|党支部|党总支)?书记|村?(?:支书|主任)|副主任|队长|专干|常委|委员|领导|干部"
    rf"|(?:(?<!{HAN})|(?<=副)|(?<={_HEAD_OF})){_HEAD_OF}长)"  # 镇镇长王建国, not 蓝口镇长江头
)
_LABELLED = re.compile(
    rf"(?:{_PERSON}|{_DOES}|{_POST})(?:姓名|签字|签名|盖章)?{_BLANK}*(?:[(（][^()（）]{{0,8}}[)）])?"
    rf"{_BLANK}*[:：|]{_BLANK}*\|?{_BLANK}*"
)
_JOINED = re.compile(rf"(?:{_PERSON}|{_POST}){_BLANK}{{0,4}}(?:[(（]{_BLANK}*)?({_COMMON})")
_TITLED = re.compile(rf"(?<!{HAN})({_COMPOUND}|{SURNAME}{HAN}{{1,2}}?)(?:同志|先生|女士|书记|副?主任|支书|队长|会计)")
_MASKED_NUMBER = re.compile(r"[0-9]{3}\*{4}[0-9Xx]{2}")
_REACH = 40  # characters looked at before and behind a number
_KIND = (
    "联系电话|办公电话|电话号码|电话|手机号码|手机号|手机|移动电话|座机|传真|联系方式|身份证号码|身份证号|身份证|证件号码|公民身份号码"
    "|银行卡号|银行卡|银行账号|卡号|账号|号码|[Tt][Ee][Ll]|[男女]"
)
_APART = r'(?:", "[A-Z]{1,3}": "|[\s,，、;；:：/|()（）\[\]【】<>《》_.。·+\-—])'  # also cells of a row in quarantine
_KIND_BEFORE = re.compile(rf"(?:{_KIND}|{_PERSON})$")
_APART_BEFORE = re.compile(rf"{_APART}{{1,6}}$")
_BEHIND = re.compile(rf"(?:{_APART}|{_KIND}|{_PERSON}){{0,6}}")
_RUN_BEFORE = re.compile(rf"(?:{HAN}+|(?<!{HAN}){HAN}{_BLANK}{{1,4}}{HAN})$")
_RUN_BEHIND = re.compile(rf"{HAN}{_BLANK}{{1,4}}{HAN}(?!{HAN})|{HAN}+")
_SIGN = re.compile(  # any of the labels, posts and numbers above
    r"[人长签]|书记|主任|支书|会计|出纳|文书|姓名|户主|[络计账委]员|法定|[制填]表|填报(?!单位)|审[核批]|复核|[经承]办|校对"
    r"|报[送表][:：|]|(?:编制|统计|录入|联络|分管|包[村保]|驻村|帮扶|上报|联系|负责|责任)[:：| (（]"
    r"|专干|常委|领导|干部|同志|先生|女士|\*{4}"
)


def without_named_persons(text: str) -> str:
    """The text with *** for the names of persons that it calls so; numbers of persons are masked in it already."""
    if not _SIGN.search(text):
        return text
    spans = sorted({*_labelled(text), *_joined(text), *_titled(text), *_beside_numbers(text)})
    parts, end = [], 0
    for first, last in spans:
        if first >= end:
            parts += [text[end:first], MASK]
            end = last
    return "".join([*parts, text[end:]]) if parts else text


def names_asked_for(text: str) -> Iterator[str]:
    """The names, without blanks, in a cell of a column that asks for persons; nothing else that may stand there."""
    for part in re.split(r"[、，,;；/()（）\[\]【】\n]+", text):
        whole = _closed_up(part.strip())
        for name in [whole] if _LISTED.fullmatch(whole) else part.split():
            if _LISTED.fullmatch(name) and is_person(name):
                yield name


def _labelled(text: str) -> Iterator[tuple[int, int]]:
    """联系人：王建国、李志强; a label that asks for a person believes rarer surnames too."""
    for label in _LABELLED.finditer(text):
        at = label.end()
        while (found := _ASKED_FOR.match(text, at)) and is_person(_closed_up(found[0])):
            yield found.span()
            between = _AND.match(text, found.end())
            if between is None:
                break
            at = between.end()


def _joined(text: str) -> Iterator[tuple[int, int]]:
    """书记王建国, 联系人 王建国"""
    for found in _JOINED.finditer(text):
        if is_person(found[1]):
            yield found.span(1)


def _titled(text: str) -> Iterator[tuple[int, int]]:
    """王建国书记, 王建国同志"""
    for found in _TITLED.finditer(text):
        if is_person(found[1]) and (len(found[1]) > 2 or text[found.end(1)] in "同先女"):
            yield found.span(1)


def _beside_numbers(text: str) -> Iterator[tuple[int, int]]:
    """王建国139****78, 139****78（王建国）, 王建国 联系电话：139****78"""
    for number in _MASKED_NUMBER.finditer(text):
        yield from _before(text, number.start())
        behind = _BEHIND.match(text, number.end())
        run = _RUN_BEHIND.match(text, behind.end() if behind else number.end())
        if run and _name_in(name := _closed_up(run[0])) == name:
            yield run.span()


def _before(text: str, end: int) -> Iterator[tuple[int, int]]:
    """The name that ends before a place, what kind of number follows left out."""
    begin = max(0, end - _REACH)
    while True:
        if apart := _APART_BEFORE.search(text, begin, end):
            end = apart.start()
        if run := _RUN_BEFORE.search(text, begin, end):
            name = _name_in(_closed_up(run[0]))
            if name:
                yield end - (len(name) if text[end - len(name) : end] == name else len(run[0])), end
                return
        kind = _KIND_BEFORE.search(text, begin, end)
        if kind is None:
            return
        end = kind.start()


def _name_in(run: str) -> str:
    """The name that a run of characters beside a number is or ends with; empty where it is none."""
    return run if _ALONE.fullmatch(run) and is_person(run) else name_at_end(run)


def _closed_up(name: str) -> str:
    return re.sub(_BLANK, "", name)
