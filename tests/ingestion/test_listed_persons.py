"""Whom a workbook lists as persons, in a column that is not landed, is named in nothing that is kept of it."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from ingestion.listed_persons import masker
from ingestion.records import Reading
from tests.ingestion.conftest import write_xlsx

TITLE = "青石镇2014年3月领导班子配备情况统计表"
HEADER = ("村名", "村书记", "应配职数", "实配职数", "书记是否空缺", "书记产生方式", "备注")


def test_name_in_a_column_of_persons_stands_nowhere_else(read_rows: Callable[..., Reading]) -> None:
    reading = read_rows(
        [
            (f"{TITLE}（王建国）",),
            HEADER,
            ("李家村", "王建国", 5, 5, "王建国", "选举", "13912345678 接替佟丽"),
            ("后岭村", "佟丽", 5, 5, "否", "选举", "佟丽兼任，原为王建国"),
            ("", "李志强、欧阳修", 5, 5, "否", "李志强", ""),
            ("张家村", "空缺", 5, 5, "是", "", ""),
        ]
    )
    told = repr(reading)
    assert [name for name in ("王建国", "佟丽", "李志强", "欧阳修") if name in told] == []
    quoted = {(f.code, f.cell): f.original for f in reading.findings}
    assert quoted["row_not_understood", "A5"] == "***、*** | 5 | 5 | 否 | ***"
    assert quoted["branch_unknown", "A4"] == "后岭村"
    assert next((row.branch_name, row.cells) for row in reading.quarantine) == (
        "后岭村",
        '{"A": "后岭村", "B": "***", "C": "5", "D": "5", "E": "否", "F": "选举", "G": "***兼任，原为***"}',
    )


def test_list_of_persons_that_is_no_return_is_not_quoted(read_file: Callable[..., Reading]) -> None:
    reading = read_file(
        write_xlsx(
            ("附表", [("王建国",), ("姓名", "职务"), ("王建国", "书记"), ("佟丽", "会计")]),
            ("佟丽", [("村民代表 王建国",), ("联系人",), ("佟丽",), ("王建国",), ("李家村",)]),
        )
    )
    assert [f.original for f in reading.findings if f.code == "sheet_not_recognised"] == ["***", "村民代表 ***"]
    assert "王建国" not in repr(reading)


def test_branch_is_no_person_though_a_list_of_persons_holds_it(read_rows: Callable[..., Reading]) -> None:
    reading = read_rows(
        [
            (TITLE,),
            HEADER,
            ("李家村", "李家村", 5, 5, "否", "选举", ""),
            ("石门", "石门", 5, 5, "否", "选举", ""),
        ]
    )
    assert "李家村" in [name for records in reading.records for name in records.branch_names]


PERSONS = frozenset({"王建国", "佟丽", "李志强"})


@given(st.lists(st.sampled_from(("王建国", "李志强", "由", "负责", "，", "2014年", "青石镇", " ", "|")), max_size=8))
def test_no_listed_name_is_left_in_any_text(parts: list[str]) -> None:
    told = masker(PERSONS)("".join(parts))
    assert not any(name in told for name in PERSONS)


def test_part_of_another_word_is_no_name() -> None:
    assert masker(PERSONS)("佟丽华、王建国村、佟丽") == "佟丽华、王建国村、***"
