"""A name is taken out of a text that calls it a person's; places, units and offices stay, whatever is around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.person_names import is_person
from ingestion.personal import shown
from samples.places import make_places


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("王建国219****07", "***219****07"),
        ("王建国13912345678", "***139****78"),
        ("青石镇王建国 13912345678", "青石镇*** 139****78"),
        ("报表王建国13912345678.xlsx", "报表***139****78.xlsx"),
        ("13912345678（王建国）", "139****78（***）"),
        ("王建国，男，联系电话：13912345678", "***，男，联系电话：139****78"),
        ("序号 | 王建国 | 男 | 13912345678", "序号 | *** | 男 | 139****78"),
        ('{"B": "王建国", "C": "13912345678"}', '{"B": "***", "C": "139****78"}'),
        ("联系人：张三", "联系人：***"),
        ("联系人：张 三 电话：13912345678", "联系人：*** 电话：139****78"),
        ("责任人：王建国、李志强", "责任人：***、***"),
        ("联系人：艾力·买买提", "联系人：***"),
        ("姓名：欧阳修", "姓名：***"),
        ("负责人（签字）：佟建国", "负责人（签字）：***"),
        ("审核：王建国  制表：李志强  2014年3月", "审核：***  制表：***  2014年3月"),
        ("填表人王建国", "填表人***"),
        ("张家村（书记王建国）", "张家村（书记***）"),
        ("副镇长张敏", "副镇长***"),
        ("王建国同志", "***同志"),
        ("党支部书记：王大山", "党支部书记：***"),
    ],
)
def test_name_that_a_text_calls_a_persons_is_taken_out(text: str, told: str) -> None:
    assert shown(text) == told
    assert shown(told) == told


@pytest.mark.parametrize(
    "text",
    [
        "负责人：李家村",
        "责任单位：组织部",
        "负责人：县水利局",
        "责任人：各村党支部书记",
        "责任人：全体党员",
        "联系人：单位",
        "书记任命",
        "书记产生方式",
        "村书记 | 任期 | 金额",
        "李家村书记",
        "金山书记",
        "蓝口镇长江头",
        "李家村 139****78 王家村",
        "后岭村139****78",
        "王家营 电话：139****78",
        "高台子",
        "石门",
    ],
)
def test_place_unit_or_office_stays(text: str) -> None:
    assert shown(text) == text


SURNAMES = st.sampled_from(
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董程曹袁邓许沈曾彭吕苏卢蒋蔡贾丁魏薛叶闫余潘杜戴夏钟汪田任姜范"
)
GIVEN = st.text(st.sampled_from("建国志强伟芳娜敏静丽军杰涛明超秀兰霞平刚桂英华玉萍红鹏宇浩"), min_size=1, max_size=2)
NAMES = st.builds(str.__add__, SURNAMES, GIVEN).filter(is_person)
CONTEXTS = st.sampled_from(
    (
        "联系人：{}",
        "填报单位：青石镇 填表人：{} 联系电话：0411-87654321",
        "负责人:{}，单位：万元",
        "姓名|{}",
        "审核 ： {}",
        "{}13912345678",
        "13912345678 {}",
        "{} 139****78",
        "{}（11010519491231002X）",
        "身份证11010519491231002X，{}",
        "青石镇2014年3月报表（书记{}）",
        "{}同志",
    )
)


@given(NAMES, CONTEXTS)
def test_no_name_is_left_where_a_text_calls_it_a_persons(name: str, context: str) -> None:
    told = shown(context.format(name))
    assert name not in told
    assert shown(told) == told


PLACES = st.sampled_from(
    sorted({place.name for places in [make_places(2014)] for place in (*places.townships, *places.branches)})
)


@given(
    PLACES,
    st.sampled_from(("{}", "负责人：{}", "{}139****78", "{}书记", "青石镇{}2014年3月报表", "{}（联系人：王建国）")),
)
def test_every_place_of_the_sample_stays(place: str, context: str) -> None:
    assert place in shown(context.format(place))
