"""Looking up the register: an area that is not in it comes back with what may have been meant."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from jiceng.register_tables import NoSuchArea, show


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Two townships of a county, one of which has a village."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table areas as select * from (values ('219801', '云溪县', 'county', '2198'),"
            " ('219801100', '青石镇', 'township', '219801'), ('219801101', '白沙镇', 'township', '219801'))"
            " as areas(area_code, area_name, level, parent_code)"
        )
        connection.execute(
            "create table branches as select '219801100201' as branch_code, '李家村' as branch_name,"
            " '219801100' as township_code, '219801' as county_code, 'village' as kind,"
            " date '2010-01-01' as valid_from, null as valid_to, null as successor_codes,"
            " 500 as households, 1500 as population"
        )
        for name in ("areas", "branches"):
            connection.execute(f"copy {name} to '{tmp_path / name}.parquet' (format parquet)")
    return tmp_path


def test_areas_are_shown_with_their_level_in_chinese(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show(register, "云溪县")
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "青石镇" in line]
    assert [cell.strip() for cell in row.split("│")[1:-1]] == ["219801100", "青石镇", "乡镇 township", "1", "0", "0"]


def test_branches_of_a_township_are_shown_with_their_kind_in_chinese(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show(register, "青石镇")
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "李家村" in line]
    assert [cell.strip() for cell in row.split("│")[1:5]] == ["219801100201", "李家村", "村 village", "2010-01-01"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("青山镇", "名册中没有这个地区：青山镇（相近的：青石镇 219801100） · "),
        ("李家村", "名册中没有这个地区：李家村（有叫这个名的党组织，在：青石镇 219801100） · "),
        ("xyz", "名册中没有这个地区：xyz · "),
    ],
)
def test_what_may_have_been_meant_is_proposed(register: Path, name: str, said: str) -> None:
    with pytest.raises(NoSuchArea) as refused:
        show(register, name)
    assert str(refused.value) == f"{said}the register has no such area: {name}"
