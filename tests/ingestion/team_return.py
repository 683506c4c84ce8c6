"""A return of one township on its teams, to be changed a little, and what its reading comes to."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.records import Reading

Rows = list[Sequence[object]]

HEADER = ("单位名称", "应配职数", "实配职数", "书记是否空缺", "主任是否空缺")
NAMES = ("和平社区", "李家村", "王家村", "张家村", "绿源公司党支部")
TEAM = [(name, 5, 4, "否", "否") for name in NAMES]


def team(title: str = "青石镇2014年3月领导班子配备统计表", *above: Sequence[object]) -> Rows:
    return [[title], *above, HEADER, *TEAM]


def decided(reading: Reading) -> list[tuple[str | None, str | None, int]]:
    """Reporting unit, period and number of rows of every part that was landed."""
    return [(r.reporting_unit_code, r.period.name if r.period else None, len(r.row_numbers)) for r in reading.records]
