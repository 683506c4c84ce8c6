"""Wrong contents that the sample plants: every cell reads well, but the figures cannot be true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from samples.cells import date_content
from samples.grids import Content
from samples.places import Branch
from samples.planting import Return, Site

Plant = Callable[[Site], None]


def older_than_all(site: Site) -> None:
    """More members over sixty than members."""
    table = site.form("membership")
    branch = table.branch(3)
    _put(table, branch, "members_over_60", int(str(table.value(branch, "members"))) + 9)
    table.check(branch, "members_over_60", "members_part_above_whole", "60岁以上党员多于党员总数")


def young_and_old_above_all(site: Site) -> None:
    """Members under 35 and over 60 together above all members, each of them below."""
    table = site.form("membership")
    branch = table.branch(8)
    members, old = int(str(table.value(branch, "members"))), int(str(table.value(branch, "members_over_60")))
    _put(table, branch, "members_under_35", members - old + 4)
    table.check(branch, "members_under_35", "members_age_groups_above_members", "35岁以下与60岁以上之和多于党员总数")


def more_activists_than_applicants(site: Site) -> None:
    """More activists than applicants."""
    table = site.form("membership")
    branch = table.branch(2)
    _put(table, branch, "activists", int(str(table.value(branch, "applicants"))) + 6)
    table.check(branch, "activists", "members_activists_above_applicants", "入党积极分子多于申请入党人数")


def recruits_taken_back(site: Site) -> None:
    """The recruits since January fall from one quarter to the next."""
    table = site.form("membership")
    before = site.month - 3
    branch = next(b for n in range(40) if table.value(b := table.branch(n), "recruited", month=before) != 0)
    _put(table, branch, "recruited", 0)
    table.check(branch, "recruited", "members_recruited_falls", "本年发展党员累计数比上季度少")


def members_halved(site: Site) -> None:
    """A branch loses most of its members within a quarter, and has them back in the next."""
    table = site.form("membership")
    branch = max((table.branch(n) for n in range(12)), key=lambda b: int(str(table.value(b, "members"))))
    members = int(str(table.value(branch, "members"))) // 4
    _put(table, branch, "members", members)
    _put(table, branch, "members_over_60", members // 3)
    _put(table, branch, "members_female", members // 5)
    table.check(branch, "members", "members_jump", "党员总数比上季度减少四分之三")


def kinds_do_not_add_up(site: Site) -> None:
    """The stated total of a village is not the sum of the four kinds of money."""
    table = site.form("operating_funding")
    branch = table.branch(5)
    wan = int(str(table.value(branch, "total"))) / 10_000
    _put(table, branch, "total", round(wan + 2, 2))
    table.check(branch, "total", "funding_total_not_sum_of_kinds", "合计不等于四项之和，多2万元")


def cumulative_falls(site: Site) -> None:
    """Money received since January falls from one quarter to the next."""
    table = site.form("operating_funding")
    branch = table.branch(6)
    transfer = int(str(table.value(branch, "fiscal_transfer"))) / 10_000
    total = int(str(table.value(branch, "total"))) / 10_000
    less = round(transfer * 0.6, 2)
    _put(table, branch, "fiscal_transfer", round(transfer - less, 2))
    _put(table, branch, "total", round(total - less, 2))
    table.check(branch, "fiscal_transfer", "funding_cumulative_falls", "财政转移支付累计数比上季度少")


def ten_times(site: Site) -> None:
    """The debt of a village at ten times what it was, for one quarter."""
    table = site.form("operating_funding")
    branch = next(
        b for n in range(20) if 60_000 <= int(str(table.value(b := table.branch(n), "debt_balance"))) <= 400_000
    )
    _put(table, branch, "debt_balance", round(int(str(table.value(branch, "debt_balance"))) / 1_000, 2))
    table.check(branch, "debt_balance", "funding_debt_jumps", "村级债务是上季度的十倍")


def more_filled_than_posts(site: Site) -> None:
    """More posts filled than there are."""
    table = site.form("leadership")
    branch = table.branch(9)
    _put(table, branch, "filled", int(str(table.value(branch, "posts"))) + 2)
    table.check(branch, "filled", "team_filled_above_posts", "实配多于应配")


def vacant_from_the_future(site: Site) -> None:
    """A vacancy that begins after the month it is reported in."""
    table = site.form("leadership")
    branch = _settled(table)
    day = date(2015, 3, 1)
    _put(table, branch, "filled", int(str(table.value(branch, "filled"))) - 1)
    _put(table, branch, "secretary_vacant", "是")
    _put(table, branch, "secretary_origin", None)
    _put(table, branch, "secretary_vacant_since", date_content(day, "iso"))
    table.check(branch, "secretary_vacant_since", "team_vacant_since_in_future", "书记空缺起始时间晚于报告期")


def vacant_and_headed(site: Site) -> None:
    """No secretary, and yet a way in which the secretary came to the post."""
    table = site.form("leadership")
    branch = _settled(table)
    _put(table, branch, "filled", int(str(table.value(branch, "filled"))) - 1)
    _put(table, branch, "secretary_vacant", "是")
    _put(table, branch, "secretary_vacant_since", "2014-01-01")
    table.check(branch, "secretary_origin", "team_vacant_but_headed", "书记空缺却填有产生方式")


def more_short_than_hamlets(site: Site) -> None:
    """More hamlets short of water than hamlets."""
    table = site.form("drinking_water")
    branch = table.branch(4)
    _put(table, branch, "hamlets_short", int(str(table.value(branch, "hamlets"))) + 3)
    table.check(branch, "hamlets_short", "water_hamlets_in_gap_above_hamlets", "饮水困难屯数多于自然屯数")


def pipes_of_the_future(site: Site) -> None:
    """Water pipes laid after the period."""
    table = site.form("drinking_water")
    branch = table.branch(10)
    _put(table, branch, "pipeline_year", 2016)
    table.check(branch, "pipeline_year", "water_pipeline_year_in_future", "管网建成年份晚于报告期")


def more_unpaved_than_road(site: Site) -> None:
    """More road unpaved than there is."""
    table = site.form("village_roads")
    branch = table.branch(5)
    _put(table, branch, "unpaved_km", round(float(str(table.value(branch, "road_km"))) + 4.5, 1))
    table.check(branch, "unpaved_km", "roads_unpaved_above_length", "未硬化里程大于道路总里程")


def area_of_no_venue(site: Site) -> None:
    """No meeting place, but a floor area."""
    table = site.form("venue")
    branch = next(b for n in range(3, 20) if table.value(b := table.branch(n), "has_venue"))
    for name in ("built_year", "condition", "service_rooms"):
        _put(table, branch, name, None)
    _put(table, branch, "has_venue", "无")
    table.check(branch, "floor_area_m2", "venue_absent_but_described", "无活动场所却填有建筑面积")


def gap_is_not_the_difference(site: Site) -> None:
    """A funding gap that is not budget less secured funds."""
    table = site.form("venue")
    branch = next(b for n in range(40) if table.value(b := table.branch(n), "budget"))
    gap = int(str(table.value(branch, "funding_gap") or 0)) / 10_000
    _put(table, branch, "funding_gap", gap + 7)
    table.check(branch, "funding_gap", "venue_gap_not_budget_less_secured", "资金缺口不等于预算减已落实资金，多7万元")


def off_the_list_before_on_it(site: Site) -> None:
    """Delisted before it was listed."""
    table = site.form("rectification")
    branch = next(
        listing.branch
        for listing in site.truth.listings
        if listing.branch.code in table.table.rows and listing.delisted_on is None and listing.accepted_on is None
    )
    _put(table, branch, "delisted_on", "2014-02-10")
    table.check(branch, "delisted_on", "ledger_date_before_listed", "销号时间早于列入时间")


def _settled(table: Return) -> Branch:
    """A village with all posts filled."""
    return next(b for n in range(40) if table.value(b := table.branch(n), "filled") == table.value(b, "posts"))


def _put(table: Return, branch: Branch, name: str, content: Content) -> None:
    """Write a figure in the way its neighbours are written; texts stay as they are."""
    before = table.content(branch, name)
    if isinstance(content, (int, float)) and isinstance(before, str) and before.strip():
        table.put(branch, name, f"{content:.10g}")
    else:
        table.put(branch, name, content)


def _month(year: int, month: int) -> int:
    return year * 12 + month - 1


# (township number in the order of the codes, month) → what is planted in its files; houses that write 万元 and 是/否.
CHECK_PLANTS: dict[tuple[int, int], tuple[Plant, ...]] = {
    (0, _month(2013, 6)): (older_than_all, kinds_do_not_add_up),
    (20, _month(2014, 6)): (young_and_old_above_all, more_short_than_hamlets),
    (21, _month(2014, 6)): (more_activists_than_applicants, more_unpaved_than_road),
    (24, _month(2014, 9)): (recruits_taken_back,),
    (26, _month(2013, 9)): (members_halved, more_filled_than_posts),
    (28, _month(2014, 9)): (cumulative_falls,),
    (29, _month(2013, 6)): (ten_times, area_of_no_venue),
    (0, _month(2014, 8)): (vacant_from_the_future,),
    (21, _month(2014, 2)): (vacant_and_headed,),
    (22, _month(2013, 12)): (pipes_of_the_future,),
    (24, _month(2013, 9)): (gap_is_not_the_difference,),
    (20, _month(2014, 8)): (off_the_list_before_on_it,),
}
