from __future__ import annotations

import pytest

from ingestion.personal import is_personal_text, shown
from ingestion.vocabulary import is_personal


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("11010519491231002X", "110****2X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110****2X"),
        ("身份证11010519491231002x", "身份证110****2x"),
        ("110105 1949-1231 002X", "110****2X"),
        ("110105491231002", "110****02"),
        ("13912345678", "139****78"),
        ("139-1234-5678", "139****78"),
        ("139 1234 5678", "139****78"),
        ("139.1234.5678", "139****78"),
        ("139·1234·5678", "139****78"),
        ("139.12345678", "139****78"),
        ("1391234\n5678", "139****78"),
        ("1\u200b3\u200b9\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8", "139****78"),
        ("139␊1234␊5678", "139****78"),
        ("①③⑨①②③④⑤⑥⑦⑧", "139****78"),
        ("+8613912345678", "+861****78"),
        ("13912345678/13812345678", "139****78/138****78"),
        ("2014 13912345678 15", "2014 139****78 15"),
        ("0411-87654321", "041****21"),
        ("(0411) 8765-4321", "041****21"),
        ("041187654321", "041****21"),
        ("010—8765 4321", "010****21"),
        ("电话：8765432，张家村", "电话：876****32，张家村"),
        ("1.3912345678E+10", "139****10"),
        ("1.1010519491231e+17", "110****17"),
        ("110105194912310000", "110****00"),  # cut to 15 digits by a spreadsheet
        ("6222026200000832022", "622****22"),
        ("6222 0262 0000 0832 022", "622****22"),
        ("6222026200000830000", "622****00"),
        ("李家村 13912345678 王家村", "李家村 139****78 王家村"),
    ],
)
def test_numbers_of_persons_are_masked_however_they_are_typed(text: str, mask: str) -> None:
    assert shown(text) == mask
    assert is_personal_text(text)
    assert shown(mask) == mask


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # a wrong check character
        "6222026200000832021",  # a wrong check digit
        "219801100201",  # a village's code
        "219801100201 219801100202",
        "91210000MA0ABCDE1X",  # a credit code
        "911101080000000000",
        "2014年3月31日",
        "2014-03-31 2014-12-31",
        "2014-03-31 00:00:00",
        "12345678901",
        "李家村",
        "15000、12000、11000",
        "466.6666666666667",
        "166.66666666666666",
        "1.9530242552749317e-53",
        "1.5E+10",
        "运转经费!D6:D31",
        "20261125T012418Z",
    ],
)
def test_other_numbers_are_shown_as_they_stand(text: str) -> None:
    assert shown(text) == text
    assert not is_personal_text(text)


NAME_LISTS = ("姓名", "书记姓名", "联系领导", "包村领导", "联系县领导", "责任人", "负责人", "联系人", "填表人")
POSTS = ("党支部书记", "村主任", "第一书记", "户主", "联系电话")


@pytest.mark.parametrize("header", (*NAME_LISTS, *POSTS))
def test_column_headed_by_a_person_is_a_list_of_names(header: str) -> None:
    assert is_personal(header)


@pytest.mark.parametrize(
    "header", ["责任人数", "联系人数", "党员总数", "调整书记人数", "主任空缺", "领导走访次数", "责任区", "后备干部"]
)
def test_column_that_counts_persons_is_none(header: str) -> None:
    assert not is_personal(header)
