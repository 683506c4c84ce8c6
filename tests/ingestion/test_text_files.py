"""CSV files as programs and people write them: encodings, separators, quotes, damage."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.records import Reading
from ingestion.workbook import WorkbookError, open_workbook

HEAD = (
    "填报单位,青石镇,李家村,王家村,张家村,赵家村,财政转移支付,党建工作经费,其他补助,村集体经营收入,运转支出,村级债务\n"
)


def rows(content: bytes) -> list[list[object]]:
    (sheet,) = open_workbook(content, ".csv")
    return sheet.rows


def refusal(content: bytes, suffix: str) -> tuple[str, str, str]:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(content, suffix)
    return caught.value.code, caught.value.reason_zh, caught.value.reason_en


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding(encoding: str) -> None:
    content = "村名,户数\r\n㽏家村,120\r\n".encode(encoding)
    (sheet,) = open_workbook(content, ".csv")
    assert sheet.rows == [["村名", "户数"], ["㽏家村", "120"]]


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_csv_with_other_separators(mark: str) -> None:
    content = f'村名{mark}户数\n"李\n家村"{mark}120\n短\n'.encode()
    assert open_workbook(content, ".csv")[0].rows == [["村名", "户数"], ["李\n家村", "120"], ["短", ""]]


def test_csv_in_no_known_encoding_is_refused() -> None:
    assert refusal("地区".encode("gb18030") + b"\xff\xff\n", ".csv")[0] == "file_unreadable"


@pytest.mark.parametrize("damage", [b"\xff\xff", b"\x810\x81", b"\xfe9\xfe9"], ids=["no bytes", "cut", "out of range"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_few_damaged_characters_are_taken_in_a_file_of_a_dozen_lines_too(encoding: str, damage: bytes) -> None:
    table = ["联系走访情况表", "填报单位：云坪镇", "序号,村（社区）,驻村天数,反映问题,解决问题,走访户数"]
    lines = [*table, *(f"{n},李家村,2,22,2,26" for n in range(9)), "注："]
    found = rows("\n".join(lines).encode(encoding) + damage + b",\n")
    assert [row[1] for row in found[3:-1]] == ["李家村"] * 9
    assert "\ufffd" in str(found[-1][0])


@pytest.mark.parametrize(
    "content",
    [
        (f"{'Départ,Société,Créances,Ménages,' * 9}Année\n" * 9 + "Cité,").encode("latin-1"),
        ("район,село,число домов,население\n" * 9).encode("cp1251"),
        ("雲坪鎮聯繫走訪情況表,序號,村名\n" * 3).encode("big5") + b"\xff\xff",
        b"\xe5" + (HEAD * 9).encode() + b"\xff",
        bytes(range(256)) * 9,
    ],
    ids=["western", "cyrillic", "of Taiwan", "UTF-8 damaged at once", "binary"],
)
def test_other_encodings_are_not_taken_for_damaged_chinese(content: bytes) -> None:
    assert refusal(content, ".csv")[0] in ("file_unreadable", "file_kind_unknown")


def test_bytes_named_csv_are_refused() -> None:
    assert refusal(b"\x00\x01\x02\x03", ".csv")[0] == "file_kind_unknown"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_byte_that_is_no_character_costs_one_character_and_is_told(
    encoding: str, read_file: Callable[..., Reading]
) -> None:
    table = "青石镇2014年第一季度村级组织运转经费统计表,,,,单位：万元\n序号,村名,财政转移支付,党建工作经费,其他补助\n"
    table += "1,李家村,1.5,0.5,无\n2,王家村,0,0.4,0.1\n3,张家村,1.1,0.3,0.1\n"
    content = table.encode(encoding) + "注：数据来源于财政".encode(encoding) + b"\xff\n"
    found = read_file(content, "云溪县/青石镇/报表.csv")
    assert [(f.code, f.cell, f.original) for f in found.findings] == [("text_damaged", "A6", "注：数据来源于财政�")]
    assert found.rows == 3


def test_text_in_utf_8_with_a_damaged_byte_is_taken_for_no_other_encoding() -> None:
    content = (HEAD + "李家村,1.5\n").encode()
    assert rows(content[:-6] + b",1.5\n")[1][:2] == ["李家�", "1.5"]


def test_half_a_character_does_not_swallow_the_separator() -> None:
    content = HEAD.encode("gb18030") + "李家".encode("gb18030") + "村".encode("gb18030")[:1] + b",1.5\n"
    assert rows(content)[1][:2] == ["李家�", "1.5"]


def test_zeros_that_fill_the_last_block_are_no_text() -> None:
    assert rows("村名,户数\n".encode() + bytes(100)) == [["村名", "户数"]]


@pytest.mark.parametrize(
    "content",
    [
        '村名,户数\n"李家村,120\n王家村,80\n赵家村,"90"\n',
        '村名,户数\n"李家村,120\n王家村,80\n',
        "村,户\n" + "长" * 200_000,
    ],
    ids=["quote closed by the next", "quote never closed", "text without end"],
)
def test_cell_that_takes_in_other_lines_is_told_by_its_line(content: str) -> None:
    code, zh, _ = refusal(content.encode(), ".csv")
    assert (code, zh) == ("file_unreadable", "第 2 行有一格没有结束：引号没有成对，或者文字太长")


def test_quotes_that_take_in_nothing_are_read_as_they_stand() -> None:
    content = '村名,"财政"转移支付,说明\n李家村,1.5,"村\n委会"\n王家村,2,"注：尾'.encode()
    assert rows(content) == [["村名", "财政转移支付", "说明"], ["李家村", "1.5", "村\n委会"], ["王家村", "2", "注：尾"]]


def test_texts_that_excel_shall_not_take_for_numbers_are_read_without_their_marks() -> None:
    assert rows('代码,村名\n="0012",李家村\n"=""0013""",="王家村"\n=1+1,x\n'.encode()) == [
        ["代码", "村名"],
        ["0012", "李家村"],
        ["0013", "王家村"],
        ["=1+1", "x"],
    ]


def test_separators_without_end_are_no_columns() -> None:
    assert rows(b"a,1\nb,2" + b"," * 20_000) == [["a", "1"], ["b", "2"]]
    assert refusal(b"a,1\nb,2" + b"," * 20_000 + b"3", ".csv")[0] == "file_too_large"


def test_web_page_named_csv_is_read_as_what_it_is() -> None:
    assert rows(b"<html><table><tr><td>a</td><td>1</td></tr></table></html>") == [["a", "1"]]


def test_web_page_below_a_message_is_read() -> None:
    content = "导出成功\r\n<table><tr><td>a</td><td>1</td></tr></table>".encode("gb18030")
    assert open_workbook(content, ".xls")[0].rows == [["导出成功", ""], ["a", "1"]]
