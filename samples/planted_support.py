"""Errors that the sample plants in the ledger of weak branches, in what support has come to, and in services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from samples.cells import date_content
from samples.places import REPORTED_COMMUNITY, Branch
from samples.planting import Return, Site

Plant = Callable[[Site], None]


def households_taken_back(site: Site) -> None:
    """Households driven since January fall from one quarter to the next."""
    table = site.form("support_outcomes")
    branch = _first(table, lambda it: _number(table, it, "households_driven", site.month - 3) > 1)
    table.put(branch, "households_driven", 1)
    table.check(branch, "households_driven", "support_cumulative_falls", "带动农户累计数比上季度少")


def aid_taken_back(site: Site) -> None:
    """Money and goods given since January fall from one quarter to the next."""
    table = site.form("support_outcomes")
    branch = _first(table, lambda it: _number(table, it, "aid_given", site.month - 3) > 200)
    table.put(branch, "aid_given", 0.01)
    table.check(branch, "aid_given", "support_money_falls", "送钱物累计数比上季度少")


def income_of_nobody(site: Site) -> None:
    """Income was gained, but by no household."""
    table = site.form("support_outcomes")
    branch = _first(table, lambda it: _number(table, it, "income_increase", site.month) > 0)
    table.put(branch, "households_driven", None)
    table.check(branch, "households_driven", "support_income_without_households", "有带动增收，没有带动农户")


def services_taken_back(site: Site) -> None:
    """Services delivered since January fall from one quarter to the next."""
    table = site.form("services")
    branch = _first(table, lambda it: _number(table, it, "services_delivered", site.month - 3) > 0)
    table.put(branch, "services_delivered", 0)
    table.check(branch, "services_delivered", "services_cumulative_falls", "开展服务次数累计数比上季度少")


def nobody_volunteered(site: Site) -> None:
    """Volunteers served, but there is no team of them."""
    table = site.form("services")
    branch = _first(table, lambda it: it.code == REPORTED_COMMUNITY)
    table.put(branch, "volunteer_teams", None)
    table.check(branch, "volunteer_teams", "services_events_without_teams", "有志愿服务，没有志愿服务队")


def words_for_figures(site: Site) -> None:
    """Texts where a number should stand, a fraction of a service, a yes or no that is neither."""
    support, services = site.form("support_outcomes"), site.form("services")
    branch = _first(support, lambda it: True)
    for table, name, content, code in (
        (support, "skill_person_times", "若干", "value_not_number"),
        (support, "city_leader_contact", "待定", "value_not_flag"),
        (services, "services_delivered", 2.5, "value_not_whole"),
    ):
        table.put(branch, name, content)
        table.note(code, table.cell(branch, name))


def more_done_than_planned(site: Site) -> None:
    """More measures done than the plan holds."""
    table = site.form("rectification")
    branch = _first(table, lambda it: _number(table, it, "measures_done", site.month) > 1)
    table.put(branch, "measures", _number(table, branch, "measures_done", site.month) - 1)
    table.check(branch, "measures_done", "ledger_measures_done_above_plan", "已完成措施数多于整改措施数")


def accepted_before_it_was_checked(site: Site) -> None:
    """Accepted a day before the township's own check."""
    table = site.form("rectification")
    branch = _first(table, lambda it: table.value(it, "accepted_on") is not None)
    accepted = table.value(branch, "accepted_on")
    assert isinstance(accepted, date)
    table.put(branch, "self_checked_on", date_content(accepted + timedelta(1), "iso"))
    table.check(branch, "accepted_on", "ledger_accepted_before_self_check", "验收时间早于自查时间")


def improved_though_accepted(site: Site) -> None:
    """The state is one of before the acceptance."""
    table = site.form("rectification")
    branch = _first(table, lambda it: table.value(it, "accepted_on") is not None)
    table.put(branch, "status", "整顿中")
    table.check(branch, "status", "ledger_status_unlike_dates", "已有验收时间，整顿状态却是整顿中")


def _first(table: Return, wanted: Callable[[Branch], bool]) -> Branch:
    """The first branch of the table that is like that."""
    branches = table.site.truth.places.of_township(table.site.township)
    return next(branch for branch in branches if branch.code in table.table.rows and wanted(branch))


def _number(table: Return, branch: Branch, name: str, month: int) -> int:
    """The true number in a month; 0 where there is none, or the branch did not report yet."""
    facts = table.site.truth.facts(table.table.form, table.site.township, month)
    if all(fact.branch is not branch for fact in facts):
        return 0
    return int(str(table.value(branch, name, month=month) or 0))


def _month(year: int, month: int) -> int:
    return year * 12 + month - 1


# (township number in the order of the codes, month) → what is planted in its files; houses that write 万元 and 是/否.
SUPPORT_PLANTS: dict[tuple[int, int], tuple[Plant, ...]] = {
    (22, _month(2014, 9)): (households_taken_back, services_taken_back),
    (21, _month(2014, 9)): (aid_taken_back,),
    (0, _month(2014, 9)): (income_of_nobody,),
    (35, _month(2014, 9)): (nobody_volunteered,),
    (15, _month(2014, 9)): (words_for_figures,),
    (24, _month(2014, 10)): (more_done_than_planned,),
    (20, _month(2014, 11)): (accepted_before_it_was_checked,),
    (22, _month(2014, 11)): (improved_though_accepted,),
}
