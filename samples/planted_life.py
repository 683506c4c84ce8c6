"""Errors that the sample plants in the returns on organisation life: of reading, and wrong contents for the checks."""

from __future__ import annotations

from collections.abc import Callable

from samples.grids import Content
from samples.planting import Site

Plant = Callable[[Site], None]


def theme_days_under_another_name(site: Site) -> None:
    """An optional column under a name that no synonym covers."""
    life = site.form("organisation_life")
    life.rename("theme_days", "固定学习活动")
    life.note("column_unknown", life.header_cell("theme_days"))


def _wrong_cell(name: str, number: int, content: Content, code: str, counted: float | None) -> Plant:
    def plant(site: Site) -> None:
        life = site.form("organisation_life")
        branch = life.branch(number)
        life.put(branch, name, content, counted=counted)
        life.note(code, life.cell(branch, name))

    return plant


def more_in_full_than_decided(site: Site) -> None:
    """More matters through the whole procedure than were decided."""
    life = site.form("organisation_life")
    branch = life.branch(3)
    life.put(branch, "resolutions_full_process", int(str(life.value(branch, "resolutions"))) + 2)
    life.check(branch, "resolutions_full_process", "life_full_process_above_resolutions", "按程序办理的多于四议事项")


def nothing_said_about_disclosure(site: Site) -> None:
    """A village that leaves 村务公开 empty, as if it did not apply."""
    life = site.form("organisation_life")
    branch = life.branch(5)
    life.put(branch, "affairs_disclosures", None)
    life.check(branch, "affairs_disclosures", "life_village_left_empty", "村应填村务公开，却留空")


def since_january(site: Site) -> None:
    """Meetings counted since January on a return that counts the month's."""
    life = site.form("organisation_life")
    branch = next(b for n in range(2, 20) if life.value(b := life.branch(n), "committee_meetings") == 1)
    life.put(branch, "committee_meetings", 11)
    life.check(branch, "committee_meetings", "life_meetings_jump", "支委会填了年初以来累计数")


def groups_forgotten(site: Site) -> None:
    """Group meetings left empty by a branch that has groups."""
    life = site.form("organisation_life")
    branch = next(b for n in range(4, 20) if life.value(b := life.branch(n), "group_meetings"))
    life.put(branch, "group_meetings", None)
    life.check(branch, "group_meetings", "life_meetings_no_longer_said", "上月填有党小组会，本月留空")


def recruited_without_a_meeting(site: Site) -> None:
    """A branch that recruits in a quarter in which its members never met."""
    life = site.form("organisation_life")
    members = site.form("membership")
    branch = next(
        b
        for n in range(20)
        if members.value(b := life.branch(n), "recruited") != members.value(b, "recruited", month=site.month - 3)
        and life.value(b, "branch_meetings")
        and not any(life.value(b, "branch_meetings", month=site.month - back) for back in (1, 2))
    )
    life.put(branch, "branch_meetings", 0)
    life.check(branch, "branch_meetings", "life_recruits_without_meeting", "本季度发展了党员，却没有开过党员大会")


def _month(year: int, month: int) -> int:
    return year * 12 + month - 1


# (township number in the order of the codes, month) → what is planted in its files.
LIFE_PLANTS: dict[tuple[int, int], tuple[Plant, ...]] = {
    (22, _month(2013, 10)): (theme_days_under_another_name,),
    (28, _month(2013, 7)): (_wrong_cell("branch_meetings", 2, "按期召开", "value_not_number", 0),),
    (21, _month(2014, 5)): (_wrong_cell("committee_meetings", 4, "2次", "value_unit_in_cell", 2),),
    (26, _month(2014, 2)): (_wrong_cell("group_meetings", 3, 65, "value_out_of_range", None),),
    (20, _month(2014, 10)): (more_in_full_than_decided,),
    (21, _month(2013, 11)): (nothing_said_about_disclosure,),
    (24, _month(2014, 9)): (since_january,),
    (29, _month(2014, 4)): (groups_forgotten,),
    (28, _month(2014, 9)): (recruited_without_a_meeting,),
}
