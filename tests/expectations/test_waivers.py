"""Known exceptions hold until their day, for what they name and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expectations.suites import ChecksError
from expectations.waivers import Waiver, is_excused, load_waivers

HEADER = "check_id,reporting_unit_code,branch_code,period,until,comment\n"
TODAY = date(2015, 2, 2)
ROW = {"reporting_unit_code": "210001100", "branch_code": "210001100200", "period": "2014-Q2"}


def read(tmp_path: Path, *lines: str, header: str = HEADER) -> tuple[Waiver, ...]:
    path = tmp_path / "exceptions.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return load_waivers(path, {"members_jump"}, TODAY)


def test_what_is_left_empty_stands_for_all(tmp_path: Path) -> None:
    waivers = read(tmp_path, "members_jump,,210001100200,,2015-02-02,两村合并")
    assert waivers == (Waiver("members_jump", "", "210001100200", "", date(2015, 2, 2), "两村合并"),)
    assert is_excused(waivers, "members_jump", ROW)
    assert is_excused(waivers, "members_jump", {**ROW, "period": "2014-Q3"})
    assert not is_excused(waivers, "members_jump", {**ROW, "branch_code": "210001100201"})
    assert not is_excused(waivers, "members_fewer_than_three", ROW)


def test_waiver_past_its_day_no_longer_holds(tmp_path: Path) -> None:
    assert read(tmp_path, "members_jump,,,2014-Q2,2015-02-01,过期") == ()


def test_no_file_is_no_waiver(tmp_path: Path) -> None:
    assert load_waivers(tmp_path / "exceptions.csv", set(), TODAY) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("members_jumps,,,,2015-06-30,笔误", "exceptions.csv: line 2: check_id: 没有这条规则"),
        ("members_jump,,,,2015-06-31,笔误", "exceptions.csv: line 2: until: 应为日期"),
        ("members_jump,,,,2015-06-30,", "exceptions.csv: line 2: comment: 请写明原因"),
        ("members_jump,,,2015-06-30,笔误", "exceptions.csv: line 2: 应有 6 栏"),
        ("members_jump,,,,2015-06-30,笔,误", "exceptions.csv: line 2: 应有 6 栏"),
    ],
)
def test_row_that_is_not_sound_is_refused(line: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(ChecksError) as refused:
        read(tmp_path, line)
    assert str(refused.value).startswith(expected)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ChecksError, match=r"exceptions\.csv: 第1行应为"):
        read(tmp_path, header="check_id,comment\n")
