"""Names of persons given where an office or a unit is asked for are not landed, and not quoted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.person_names import without_names
from ingestion.records import Reading

TITLE = "青石镇2014年3月软弱涣散党组织整顿台账"
HEADER = ("村名", "列入时间", "软弱涣散类型", "包村县领导", "帮扶单位", "结对先进村", "结对企业")
OFFICES = "副县长 常务副县长 县委常委、组织部部长 副县长（教育卫生） 县委副书记 县人大常委会主任 *** 副县长*** "
UNITS = (
    "组织部 宣传部 水利局 县林业局 林业 市金融办 武装部 县妇联 工商联 县司法局 县公安局石桥派出所 绿源公司 "
    "县住建局、县水利局 国土资源局和林业局 金龙公司 万达集团 东方红 云溪县石材厂 农商银行石桥支行 "
)
PLACES = "高新区 李家村 王家 李家屯 王家营 石桥村 白水乡石门"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("王建国", "***"),
        ("李军", "***"),
        ("李 军", "***"),
        ("欧阳建国", "***"),
        ("诸葛孔方", "***"),
        ("王建国、李志强", "***、***"),
        ("副县长王建国", "副县长***"),
        ("副县长：王建国", "副县长：***"),
        ("副县长（王建国）", "副县长（***）"),
        ("王建国（副县长）", "***（副县长）"),
        ("王建国副县长", "***副县长"),
        ("县住建局慕容雪梅", "县住建局***"),
        ("县住建局 慕容雪梅", "县住建局***"),
        ("组织部李志强", "组织部***"),
        ("县委常委、组织部长 李强", "县委常委、组织部长***"),
        ("县妇联张敏", "县妇联***"),
        ("青石镇王建国", "青石镇***"),
    ],
)
def test_name_is_told_from_the_office(text: str, told: str) -> None:
    assert without_names(text) == told
    assert without_names(told) == told


@pytest.mark.parametrize("text", (OFFICES + UNITS + PLACES).split())
def test_offices_units_and_places_stay(text: str) -> None:
    assert without_names(text) == text


def test_name_in_a_column_of_offices_is_not_landed(read_rows: Callable[..., Reading]) -> None:
    reading = read_rows(
        [
            (TITLE,),
            HEADER,
            ("李家村", "2014-03-05", "无场所", "副县长", "县水利局", "王家村", "绿源公司"),
            ("王家村", "2014-03-05", "无场所", "副县长王建国", "县住建局慕容雪梅", "李家村", "欧阳建国"),
            ("张家村", "2014-03-05", "无场所", "王建国", "组织部李志强", "李家村", "绿源公司"),
        ]
    )
    assert [(f.cell, f.field, f.original) for f in reading.findings if f.code == "cell_personal"] == [
        ("D4", "county_leader_assigned", "副县长***"),
        ("D5", "county_leader_assigned", "***"),
        ("E4", "paired_unit", "县住建局***"),
        ("E5", "paired_unit", "组织部***"),
        ("G4", "paired_enterprise", "***"),
    ]
    (records,) = reading.records
    fields = ("county_leader_assigned", "paired_unit", "paired_village", "paired_enterprise")
    assert [tuple(records.values[name][row] for name in fields) for row in range(3)] == [
        ("副县长", "县水利局", "王家村", "绿源公司"),
        (None, None, "李家村", None),
        (None, None, "李家村", "绿源公司"),
    ]
    for name in ("王建国", "慕容雪梅", "欧阳建国", "李志强"):
        assert name not in repr(reading)
