"""The register: areas named in folders and texts, branches by day, and loading no more than is asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.lake_schemas import AREAS, BRANCHES
from ingestion.register import Area, Branch, Register

AREAS_OF_TWO_COUNTIES = [
    Area("21", "辽宁省", "province", None),
    Area("2198", "澜安市", "city", "21"),
    Area("219801", "云溪县", "county", "2198"),
    Area("219802", "白河县", "county", "2198"),
    Area("219801001", "城东办事处", "township", "219801"),
    Area("219801100", "青石镇", "township", "219801"),
    Area("219801101", "白水镇", "township", "219801"),
    Area("219801200", "新乡", "township", "219801"),
    Area("219802100", "青石镇", "township", "219802"),
]
QUARTER_END = date(2014, 3, 31)


def village(
    code: str, name: str, valid_from: date | None = None, valid_to: date | None = None, successors: tuple[str, ...] = ()
) -> Branch:
    township = next(area for area in AREAS_OF_TWO_COUNTIES if area.code == code[:9])
    return Branch(code, name, "village", township.code, township.name, valid_from, valid_to, successors)


@pytest.fixture(scope="module")
def areas() -> Register:
    return Register(areas=AREAS_OF_TWO_COUNTIES)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("云溪县青石镇人民政府", ["219801100"]),
        ("辽宁省澜安市云溪县青石镇", ["219801100"]),
        ("填报单位：云溪县青石镇（盖章）", ["219801100"]),
        ("云 溪 县　青 石 镇", ["219801100"]),
        ("云溪县2014年一季度青石镇运转经费表", ["219801100"]),
        ("青石镇人民政府（盖章）", ["219801100", "219802100"]),
        ("青石镇党委", ["219801100", "219802100"]),
        ("中共青石镇委员会", ["219801100", "219802100"]),
        ("青石镇2014年第一季度村级组织运转经费统计表", ["219801100", "219802100"]),
        ("2014年1-3月白水镇党员队伍", ["219801101"]),
        ("二〇一四年第一季度白水镇", ["219801101"]),
        ("2013年12月白水镇", ["219801101"]),
        ("城东街道办事处", ["219801001"]),
        ("城东街道", ["219801001"]),
        ("云溪县委组织部", ["219801"]),
        ("云溪县县直机关", ["219801"]),
        ("白水镇市场监管所", ["219801101"]),
        ("白水镇、新乡", ["219801101", "219801200"]),
        ("新乡", ["219801200"]),
        ("白河县白水镇", ["219802"]),
        ("大青石镇运转经费", []),
        ("某县青石镇", []),
        ("三月白水镇", []),
        ("新乡市运转经费", []),
        ("新乡镇", []),
        ("运转经费", []),
        ("", []),
    ],
)
def test_areas_named_in_a_text(areas: Register, text: str, codes: list[str]) -> None:
    assert [area.code for area in areas.areas_named(text)] == codes


@pytest.mark.parametrize(
    ("folders", "codes"),
    [
        (("云溪县", "青石镇", "一季度"), ["219801100"]),
        (("云溪县", "2014年", "青石镇"), ["219801100"]),
        (("云溪县", "01青石镇"), ["219801100"]),
        (("云溪县", "青石镇2014"), ["219801100"]),
        (("云溪县", "青石"), ["219801100"]),
        (("云溪", "青石镇党委"), ["219801100"]),
        (("219801", "219801100"), ["219801100"]),
        (("219801云溪县", "219801100青石镇"), ["219801100"]),
        (("辽宁省", "澜安市", "云溪县", "青石镇"), ["219801100"]),
        (("云溪县",), ["219801"]),
        (("云 溪 县", "大石镇"), ["219801"]),
        (("白河县", "白水镇"), ["219802"]),
        (("白水镇",), ["219801101"]),
        (("青石镇",), ["219801100", "219802100"]),
        (("报表",), []),
        ((), []),
    ],
)
def test_areas_named_by_folders(areas: Register, folders: tuple[str, ...], codes: list[str]) -> None:
    assert [area.code for area in areas.areas_at(folders)] == codes


def test_county_name_that_repeats_gives_all_and_its_township_decides() -> None:
    register = Register(
        areas=[
            Area("210103", "鼓楼区", "county", "2101"),
            Area("320106", "鼓楼区", "county", "3201"),
            Area("320106002", "华侨路街道", "township", "320106"),
        ]
    )
    assert [area.code for area in register.areas_at(("鼓楼区",))] == ["210103", "320106"]
    assert [area.code for area in register.areas_at(("鼓楼区", "华侨路街道"))] == ["320106002"]


def test_placeholder_of_the_statistics_bureau_is_no_name() -> None:
    register = Register(areas=[Area("1101", "市辖区", "city", "11"), Area("110101", "东城区", "county", "1101")])
    assert register.areas_named("市辖区") == ()
    assert [area.code for area in register.areas_named("东城区")] == ["110101"]


def test_branches_are_those_in_force_on_the_day() -> None:
    closed = village("219801100202", "张家村", valid_to=date(2014, 3, 30))
    last_day = village("219801100203", "赵家村", valid_to=QUARTER_END)
    first_day = village("219801100204", "钱家村", valid_from=QUARTER_END)
    not_yet = village("219801100205", "孙家村", valid_from=date(2014, 4, 1))
    always = village("219801100201", "李家村")
    elsewhere = village("219801101201", "李家村")
    register = Register([closed, last_day, first_day, not_yet, always, elsewhere], AREAS_OF_TWO_COUNTIES)
    assert register.branches("219801100", QUARTER_END).all == (always, last_day, first_day)
    assert register.branches("219801", QUARTER_END).all == (always, last_day, first_day, elsewhere)
    assert register.branches("219802100", QUARTER_END).all == ()
    assert register.branches("2198", QUARTER_END).all == ()
    assert register.branches("219801100", QUARTER_END).by_code("219801100202") is None
    assert register.branches("219801100", QUARTER_END).named("张家村") == ()
    assert register.branch("219801100202") == closed
    assert register.branch("219801100999") is None


def test_renamed_branch_is_found_under_either_name_as_it_is_called_on_the_day() -> None:
    old = village("219801100201", "张家村", valid_to=date(2013, 12, 31))
    new = village("219801100201", "李家村", valid_from=date(2014, 1, 1))
    register = Register([old, new], AREAS_OF_TWO_COUNTIES)
    for day, branch in ((date(2013, 12, 31), old), (date(2014, 1, 1), new)):
        branches = register.branches("219801100", day)
        assert branches.all == (branch,)
        assert branches.named("张家村") == branches.named("李家村") == (branch,)
    assert register.branch("219801100201") == new


def test_present_name_comes_before_anothers_old_one() -> None:
    old = village("219801100201", "张家村", valid_to=date(2013, 12, 31))
    renamed = village("219801100201", "李家村", valid_from=date(2014, 1, 1))
    named_so_now = village("219801100202", "张家村", valid_from=date(2014, 1, 1))
    branches = Register([old, renamed, named_so_now]).branches("219801100", QUARTER_END)
    assert branches.named("张家村") == (named_so_now,)


def test_name_that_repeats_in_a_county_is_told_apart_by_its_township() -> None:
    here, there = village("219801100201", "李家村"), village("219801101201", "李家村")
    branches = Register([here, there], AREAS_OF_TWO_COUNTIES).branches("219801", QUARTER_END)
    assert branches.named("李家村") == (here, there)
    assert branches.named("李家村", "白水镇") == branches.named("李家村", "云溪县白水镇人民政府") == (there,)
    assert branches.named("白水镇李家村") == branches.named("云溪县白水镇李家村党支部") == (there,)
    assert branches.named("李家村", "黑水镇") == ()
    assert branches.named("黑水镇李家村") == ()


def test_nearest_names_are_proposed() -> None:
    names = ["李家沟村", "张家沟村", "北大营村", "李家沟社区"]
    branches = Register(village(f"21980110020{n}", name) for n, name in enumerate(names)).branches(
        "219801100", QUARTER_END
    )
    assert [branch.name for branch in branches.nearest("青石镇李加沟村")] == ["李家沟村", "张家沟村"]
    assert [branch.name for branch in branches.nearest("李加沟村", n=1)] == ["李家沟村"]
    assert branches.nearest("朝阳") == ()


def store(directory: Path, branches: list[Branch], row_group_size: int = 2) -> None:
    directory.mkdir(exist_ok=True)
    rows = [
        {
            "branch_code": branch.code,
            "branch_name": branch.name,
            "kind": branch.kind,
            "township_code": branch.township_code,
            "township_name": branch.township_name,
            "county_code": branch.township_code[:6],
            "valid_from": branch.valid_from,
            "valid_to": branch.valid_to,
            "successor_codes": "|".join(branch.successor_codes) or None,
        }
        for branch in sorted(branches, key=lambda branch: (branch.township_code[:6], branch.code))
    ]
    table = pa.Table.from_pylist(rows, schema=BRANCHES)
    pq.write_table(table, directory / "branches.parquet", row_group_size=row_group_size)
    areas = [
        {"area_code": a.code, "area_name": a.name, "level": a.level, "parent_code": a.parent_code}
        for a in AREAS_OF_TWO_COUNTIES
    ]
    pq.write_table(pa.Table.from_pylist(areas, schema=AREAS), directory / "areas.parquet")


def test_stored_register_answers_as_a_literal_one(tmp_path: Path) -> None:
    branches = [
        village("219801100201", "李家村", date(2010, 1, 1), date(2014, 6, 30), ("219801100203", "219801100204")),
        village("219801100202", "张家村"),
        village("219801101201", "李家村"),
        village("219802100201", "李家村"),
        Branch("91219802MA00000001", "恒禾机械有限公司党支部", "private_enterprise", "219802100", "青石镇"),
    ]
    store(tmp_path, branches)
    stored, literal = Register.load(tmp_path), Register(branches, AREAS_OF_TWO_COUNTIES)
    for code in ("219801100", "219801", "219801101", "219802", "219802100", "219803", "219700", "21"):
        assert stored.branches(code, QUARTER_END).all == literal.branches(code, QUARTER_END).all
    for branch in branches:
        assert stored.branch(branch.code) == branch
    assert stored.branch("91219802MA00000002") is None
    assert stored.areas_at(("云溪县", "青石镇")) == literal.areas_at(("云溪县", "青石镇"))
    assert stored.area("2198") == AREAS_OF_TWO_COUNTIES[1]
    assert stored.area("99") is None


def test_version_changes_with_the_content_and_only_with_it(tmp_path: Path) -> None:
    store(tmp_path / "a", [village("219801100201", "李家村")])
    store(tmp_path / "b", [village("219801100201", "李家村")])
    store(tmp_path / "c", [village("219801100201", "李家社区")])
    versions = [Register.load(tmp_path / name).version for name in "abc"]
    assert versions[0] == versions[1] != versions[2]


def test_register_that_is_absent_is_empty(tmp_path: Path) -> None:
    register = Register.load(tmp_path)
    assert register.version == "empty"
    assert register.areas_at(("云溪县",)) == ()
    assert register.branches("219801100", QUARTER_END).all == ()
    assert register.branch("219801100201") is None


def test_loaded_register_goes_on_as_it_was_when_the_file_is_replaced(tmp_path: Path) -> None:
    store(tmp_path, [village("219801100201", "李家村")])
    loaded = Register.load(tmp_path)
    store(tmp_path / "new", [village("219801100201", "张家村")])
    (tmp_path / "new" / "branches.parquet").replace(tmp_path / "branches.parquet")
    assert [branch.name for branch in loaded.branches("219801100", QUARTER_END).all] == ["李家村"]
