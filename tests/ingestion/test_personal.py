from __future__ import annotations

import pytest

from ingestion.personal import is_personal_text, masked, shown


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("11010519491231002X", "110****02X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110****02X"),
        ("身份证11010519491231002x", "身份证110****02x"),
        ("13912345678", "139****78"),
        ("139-1234-5678", "139****78"),
        ("139 1234 5678", "139****78"),
        ("+8613912345678", "+861****78"),
        ("0411-87654321", "041****21"),
    ],
)
def test_identity_and_telephone_numbers_are_masked(text: str, mask: str) -> None:
    assert is_personal_text(text)
    assert masked(text) == mask


def test_bank_card_is_told_by_its_check_digit() -> None:
    assert is_personal_text("6222026200000832022")
    assert not is_personal_text("6222026200000832021")


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # a wrong check character
        "219801100201",  # a village's code
        "91210000MA0ABCDE1X",  # a credit code
        "2014年3月31日",
        "12345678901",
        "李家村",
        "15000、12000、11000",
    ],
)
def test_other_numbers_are_shown_as_they_stand(text: str) -> None:
    assert not is_personal_text(text)
    assert shown(text) == text
