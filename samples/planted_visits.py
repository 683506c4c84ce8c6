"""Errors that the sample plants in the returns on contact visits and in the annual assessment."""

from __future__ import annotations

from collections.abc import Callable

from samples.grids import Content
from samples.places import VILLAGE
from samples.planting import Site

Plant = Callable[[Site], None]


def households_under_another_name(site: Site) -> None:
    """An optional column under a name that no synonym covers."""
    visits = site.form("contact_visits")
    visits.rename("households_visited", "入户情况")
    visits.note("column_unknown", visits.header_cell("households_visited"))


def _misread(form: str, name: str, content: Content, code: str) -> Plant:
    def plant(site: Site) -> None:
        table = site.form(form)
        branch = table.branch(0)
        table.put(branch, name, content)
        table.note(code, table.cell(branch, name))

    return plant


def _wrong(form: str, name: str, content: Content, code: str, what: str) -> Plant:
    def plant(site: Site) -> None:
        table = site.form(form)
        branch = table.branch(0)
        table.put(branch, name, content)
        table.check(branch, name, code, what)

    return plant


def nobody_lists_it(site: Site) -> None:
    """Visits to a village that the ledger does not list."""
    visits = site.form("contact_visits")
    listed = visits.branch(0)
    rows = visits.table.rows
    branches = site.truth.places.of_township(site.township)
    other = next(b for b in branches if b.kind == VILLAGE and b.code not in rows)
    cells: list[Content] = list(visits.sheet.rows[rows[listed.code]])
    cells[visits.table.columns["branch_name"]] = other.name
    for name in ("leader_visits", "first_secretary_days", "problems_raised", "problems_solved", "households_visited"):
        visits.change_total(name, int(str(visits.value(listed, name))))
    rows[other.code] = visits.insert_row(listed, cells)
    visits.check(other, "leader_visits", "visits_branch_not_listed", "台账中没有列入，却报了联系走访")


def stars_above_its_score(site: Site) -> None:
    """Five stars for the village with the lowest score of the township."""
    assessment = site.form("assessment")
    branch = min((assessment.branch(n) for n in range(15)), key=lambda b: float(str(assessment.value(b, "score"))))
    assessment.put(branch, "stars", "五星级")
    assessment.check(branch, "stars", "assessment_stars_against_scores", "得分最低却评为五星级")


def stars_of_a_weak_branch(site: Site) -> None:
    """Four stars for a village that is being put right."""
    assessment = site.form("assessment")
    branch = next(
        listing.branch
        for listing in site.truth.listings
        if listing.branch.code in assessment.table.rows and listing.delisted_on is None
    )
    assessment.put(branch, "stars", "四星级")
    assessment.check(branch, "stars", "assessment_stars_of_weak_branch", "在整顿台账中却评为四星级")


def _month(year: int, month: int) -> int:
    return year * 12 + month - 1


# (township number in the order of the codes, month) → what is planted in its files.
VISIT_PLANTS: dict[tuple[int, int], tuple[Plant, ...]] = {
    (25, _month(2014, 7)): (households_under_another_name,),
    (29, _month(2014, 9)): (_misread("contact_visits", "first_secretary_days", "全月", "value_not_number"),),
    (30, _month(2014, 8)): (_misread("contact_visits", "problems_raised", None, "value_missing"),),
    (22, _month(2014, 9)): (
        _wrong("contact_visits", "first_secretary_days", 31, "visits_days_above_month", "九月驻村31天"),
    ),
    (34, _month(2014, 11)): (
        _wrong("contact_visits", "problems_solved", 150, "visits_solved_above_raised", "解决的多于反映的"),
    ),
    (32, _month(2014, 8)): (
        _wrong(
            "contact_visits", "households_visited", 2_400, "visits_households_above_register", "走访户数多于全村户数"
        ),
    ),
    (21, _month(2014, 10)): (
        _wrong("contact_visits", "leader_visits", 18, "visits_leader_visits_jump", "县领导到村填了年初以来累计数"),
    ),
    (24, _month(2014, 10)): (nobody_lists_it,),
    (28, _month(2013, 12)): (_misread("assessment", "stars", "未评定", "value_not_choice"),),
    (25, _month(2013, 12)): (_misread("assessment", "score", 105, "value_out_of_range"),),
    (29, _month(2013, 12)): (stars_above_its_score,),
    (30, _month(2014, 12)): (stars_of_a_weak_branch,),
}
