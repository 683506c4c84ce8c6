"""The checks of a night as a whole: what nobody would publish stops it, and one bad sender never does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Build

BRANCH = "210001100200"
NEXT_MORNING = datetime(2015, 2, 3, 1, tzinfo=UTC)
UNITS = [f"210001{number}" for number in range(100, 110)]


def members_of_county(build: Build, period: str, members: int, branches: int = 40, county: str = "210001") -> None:
    for number in range(branches):
        code = f"{county}{100 + number // 20}{200 + number % 20}"
        build.report("membership", period, code, members=members, recruited=0)


def funding_of_unit(build: Build, period: str, total: int, villages: int = 10, unit: str = "210001100") -> None:
    for number in range(villages):
        kinds = {"fiscal_transfer": total, "party_work_subsidy": 0, "other_subsidy": 0, "collective_income": 0}
        build.report("operating_funding", period, f"{unit}{200 + number}", total=total, **kinds)


def breaks(build: Build) -> list[tuple[Any, ...]]:
    build.write()
    build.check()
    return build.failures("check_id, severity, form, period, reporting_unit_code, branch_code, value, text_zh")


def test_row_counted_twice_is_critical(build: Build) -> None:
    for members in (40, 41):
        build.report("membership", "2014-Q2", BRANCH, members=members)
    found = {(row[0], row[1], row[2]) for row in breaks(build)}
    assert found == {
        ("night_rows_counted_twice", "critical", "membership"),
        ("night_branch_reported_twice", "warning", "membership"),
    }


def test_form_of_which_less_than_half_came_is_said_and_blocks_nobody(build: Build) -> None:
    members_of_county(build, "2014-Q2", 40, branches=200)
    members_of_county(build, "2014-Q3", 40, branches=99)
    text = "党员队伍及发展党员 2014-Q3 入库 99 行，上一期 200 行"
    assert breaks(build) == [
        ("night_city_mostly_absent", "warning", "membership", "2014-Q3", "2100", None, "49.5%", f"2100 {text}"),
        ("night_form_mostly_absent", "error", "membership", "2014-Q3", None, None, "49.5%", f"{text}，只有 49.5%"),
    ]


def test_form_of_which_half_came_passes(build: Build) -> None:
    members_of_county(build, "2014-Q2", 40, branches=200)
    members_of_county(build, "2014-Q3", 40, branches=100)
    assert breaks(build) == []


def test_period_whose_deadline_has_not_passed_is_not_missed(build: Build) -> None:
    for number in range(200):
        code = f"210001{100 + number // 20}{200 + number % 20}"
        build.report("leadership", "2014-12", code, posts=5, filled=5, secretary_vacant=False)
    # What came last came on 2 February; January's return is due on the fifth.
    build.report("leadership", "2015-01", BRANCH, posts=5, filled=5, secretary_vacant=False)
    assert breaks(build) == []


def test_trial_of_a_few_rows_is_not_missed(build: Build) -> None:
    members_of_county(build, "2014-Q2", 40, branches=19)
    members_of_county(build, "2014-Q3", 40, branches=2)
    assert breaks(build) == []


def membership_of(build: Build, unit: str, period: str = "2014-Q2", *, good: int = 20, empty: int = 0) -> None:
    """A unit's return; of its two required cells `empty` rows lack both."""
    for number in range(good + empty):
        values = {"members": 40, "recruited": 0} if number < good else {}
        build.report("membership", period, f"{unit}{200 + number}", **values)


def test_one_sender_with_seven_hundred_unknown_villages_stops_nobody(build: Build) -> None:
    for unit in UNITS:
        membership_of(build, unit)
    for _ in range(700):
        build.quarantine("membership", "2014-Q2", "云溪县/青石镇/乱填.xlsx", unit=UNITS[0])
    text = "党员队伍及发展党员 2014-Q2 必填 1440 格，1400 格没有可用的数（97.2%）；文件：云溪县/青石镇/乱填.xlsx"
    assert breaks(build) == [
        ("night_return_mostly_missing", "error", "membership", "2014-Q2", UNITS[0], None, "97.2%", text)
    ]


def test_rows_in_quarantine_do_not_count_once_the_return_was_sent_again(build: Build) -> None:
    for number in range(30):
        for unit in UNITS[:2]:
            build.report("membership", "2014-Q2", f"{unit}{200 + number}", members=40, recruited=0, at=NEXT_MORNING)
            build.quarantine("membership", "2014-Q2", f"{unit}/乱填.xlsx", unit=unit)
            build.quarantine("membership", None, f"{unit}/无期.xlsx", unit=unit)
            build.no_header("membership", f"{unit}/无表头.xlsx")
    # Where the file itself does not say who sent it, its folder does.
    build.rows["stg_lake__quarantine"].append(
        {**build.rows["stg_lake__quarantine"][0], "reporting_unit_code": None, "file_name": f"{UNITS[0]}/谁的.xlsx"}
    )
    assert breaks(build) == []


@pytest.mark.parametrize(("bad", "stops"), [(1, False), (5, False), (6, True)])
def test_form_is_stopped_when_most_of_its_senders_came_out_unusable(bad: int, stops: bool, build: Build) -> None:
    for unit in UNITS[bad:]:
        membership_of(build, unit)
    for unit in UNITS[:bad]:
        membership_of(build, unit, good=13, empty=7)
    text = (
        "党员队伍及发展党员：10 个填报单位中 6 个最近报来的表多半不能用，必填 400 格中 84 格没有可用的数；"
        "文件：210001100/2014-Q2.xlsx、210001101/2014-Q2.xlsx、210001102/2014-Q2.xlsx …（6）"
    )
    expected = ("night_cells_mostly_missing", "critical", "membership", None, None, None, "60%", text)
    assert breaks(build) == ([expected] if stops else [])


def test_only_sender_there_is_stops_nothing(build: Build) -> None:
    membership_of(build, UNITS[0], good=0, empty=20)
    assert [row[:2] for row in breaks(build)] == [("night_return_mostly_missing", "error")]


def test_form_whose_header_nobody_finds_any_more_is_stopped(build: Build) -> None:
    for unit in UNITS[:2]:
        membership_of(build, unit)
        build.no_header("membership", f"{unit}/新表式.xlsx", at=NEXT_MORNING)
    found = [(row[0], row[1], row[6], row[7].rpartition("：")[2]) for row in breaks(build)]
    files = "210001100/新表式.xlsx、210001101/新表式.xlsx"
    assert found == [("night_cells_mostly_missing", "critical", "100%", files)]


def test_old_returns_read_badly_do_not_count_once_newer_ones_read_well(build: Build) -> None:
    for unit in UNITS[:3]:
        membership_of(build, unit, "2009-Q1", good=13, empty=7)
        for number in range(20):
            build.report("membership", "2014-Q2", f"{unit}{200 + number}", members=40, recruited=0, at=NEXT_MORNING)
    assert breaks(build) == []


def test_register_refused_in_part_is_no_return(build: Build) -> None:
    for county in ("云溪县", "青山县"):
        build.quarantine("register", None, f"{county}/名册.xlsx")
    membership_of(build, UNITS[0])
    assert breaks(build) == []


def test_funding_of_a_county_ten_times_the_year_before_is_critical(build: Build) -> None:
    for unit in ("210001100", "210001101"):
        funding_of_unit(build, "2013-Q2", 60_000, unit=unit)
        funding_of_unit(build, "2014-Q2", 600_000, unit=unit)
    funding_of_unit(build, "2013-Q2", 60_000, unit="210002100")
    funding_of_unit(build, "2014-Q2", 66_000, unit="210002100")
    found = [row for row in breaks(build) if row[5] is None]
    assert [row[:5] for row in found] == [
        ("funding_of_county_leaps", "critical", "operating_funding", "2014-Q2", "210001"),
        ("funding_of_unit_leaps", "error", "operating_funding", "2014-Q2", "210001100"),
        ("funding_of_unit_leaps", "error", "operating_funding", "2014-Q2", "210001101"),
    ]
    text = "全县 20 个村 2014-Q2 收入合计 1200万元，上年同期 120万元，相差 10 倍；2 个填报单位中 2 个如此"
    assert found[0][7] == text


def test_one_unit_in_the_wrong_unit_of_money_stops_nobody(build: Build) -> None:
    for unit, leap in (("210001100", 10_000), ("210001101", 1), ("210001102", 1)):
        funding_of_unit(build, "2013-Q2", 60_000, unit=unit)
        funding_of_unit(build, "2014-Q2", 60_000 * leap, unit=unit)
    found = [row[:5] for row in breaks(build) if row[5] is None]
    assert found == [("funding_of_unit_leaps", "error", "operating_funding", "2014-Q2", "210001100")]


def test_members_of_a_county_falling_by_a_third_are_critical(build: Build) -> None:
    members_of_county(build, "2014-Q1", 60)
    members_of_county(build, "2014-Q2", 40)
    members_of_county(build, "2014-Q1", 60, county="210002")
    members_of_county(build, "2014-Q2", 45, county="210002")
    assert [row for row in breaks(build) if row[0] == "members_of_county_change"] == [
        (
            "members_of_county_change", "critical", "membership", "2014-Q2", "210001", None, "33.3%",
            "全县 40 个党组织 2014-Q2 党员 1600 名，上一季度 2400 名，增减 33.3%；2 个填报单位中 2 个如此",
        )
    ]  # fmt: skip


def test_member_counts_are_compared_over_the_same_branches(build: Build) -> None:
    members_of_county(build, "2014-Q1", 60, branches=30)
    members_of_county(build, "2014-Q2", 60, branches=80)
    assert breaks(build) == []


REVISION: dict[str, Any] = {
    "form": "venue",
    "form_zh": "活动场所",
    "field": "budget",
    "field_zh": "预算",
    "unit": "元",
    "period": "2014-Q2",
    "reporting_unit_code": "210001100",
    "branch_code": BRANCH,
    "branch_name": "李家村",
    "old_value": "40000.00",
    "old_file_name": "青石镇/6月.xlsx",
    "old_sheet_name": "场所",
    "old_row_number": 9,
    "old_cell": "F9",
    "file_sha256": "b",
    "file_name": "青石镇/更正.xlsx",
    "sheet_name": "场所",
    "row_number": 5,
    "cell": "F5",
    "is_withdrawn": True,
    "counts_now": True,
}


def test_value_withdrawn_by_a_blank_is_a_warning_at_its_cell(build: Build) -> None:
    build.revise(**REVISION)
    build.revise(**{**REVISION, "is_withdrawn": False})  # replaced by another value
    build.revise(**{**REVISION, "counts_now": False})  # filled in again since
    build.revise(**{**REVISION, "old_cell": None, "cell": None, "field": "plan"})  # the table has no such column
    build.write()
    build.check()
    columns = "check_id, severity, form, field, branch_code, value, file_name, sheet_name, row_number, cell, text_zh"
    told = "李家村 2014-Q2 活动场所：预算原报 40000.00 元（青石镇/6月.xlsx {}），更正表这一格没有数，原数已不算"
    common = (BRANCH, "40000.00 元", "青石镇/更正.xlsx", "场所", 5)
    assert build.failures(columns) == [
        ("revision_withdraws_a_value", "warning", "venue", "budget", *common, "F5", told.format("场所!F9")),
        ("revision_withdraws_a_value", "warning", "venue", "plan", *common, None, told.format("场所!9")),
    ]


def test_members_of_one_unit_falling_stop_nobody(build: Build) -> None:
    for unit, members in ((UNITS[0], 1), (UNITS[1], 60), (UNITS[2], 60)):
        for number in range(10):
            build.report("membership", "2014-Q1", f"{unit}{200 + number}", members=60, recruited=0)
            build.report("membership", "2014-Q2", f"{unit}{200 + number}", members=members, recruited=0)
    found = [row[:5] for row in breaks(build) if row[5] is None]
    assert found == [("members_of_unit_change", "error", "membership", "2014-Q2", UNITS[0])]
