"""Cases of the rules about members and those who lead them."""

from __future__ import annotations

from datetime import date

from tests.expectations.cases.rows import MONTHS, QUARTERS, Case, peers, row, series

VACANT = {"filled": 4, "secretary_vacant": True, "secretary_origin": None, "secretary_vacant_since": date(2014, 5, 1)}

MEMBERS: dict[str, Case] = {
    # ---- membership ----
    "two_members": (
        [row("membership", "2014-Q2", members=2, members_over_60=1, members_under_35=0, members_female=0)],
        {("members_fewer_than_three", "2014-Q2", "members")},
    ),
    "three_members": (
        [row("membership", "2014-Q2", members=3, members_over_60=1, members_under_35=0, members_female=0)],
        set(),
    ),
    "all_are_old": ([row("membership", "2014-Q2", members_over_60=40, members_under_35=0)], set()),
    "all_are_women": ([row("membership", "2014-Q2", members_female=40)], set()),
    "all_applicants_are_activists": ([row("membership", "2014-Q2", activists=6)], set()),
    "all_were_recruited": (
        [row("membership", "2014-Q2", members=3, members_over_60=0, members_female=0, recruited=3)],
        set(),
    ),
    "more_old_than_all": (
        [row("membership", "2014-Q2", members_over_60=41)],
        {("members_part_above_whole", "2014-Q2", "members_over_60")},
    ),
    "more_women_than_all": (
        [row("membership", "2014-Q2", members_female=41)],
        {("members_part_above_whole", "2014-Q2", "members_female")},
    ),
    "old_and_young_are_more_than_all": (
        [row("membership", "2014-Q2", members_under_35=26)],
        {("members_age_groups_above_members", "2014-Q2", "members_under_35")},
    ),
    "old_and_young_are_all": ([row("membership", "2014-Q2", members_under_35=25)], set()),
    "more_activists_than_applicants": (
        [row("membership", "2014-Q2", activists=7)],
        {("members_activists_above_applicants", "2014-Q2", "activists")},
    ),
    "more_recruits_than_members": (
        [row("membership", "2014-Q2", recruited=41)],
        {("members_recruited_above_members", "2014-Q2", "recruited")},
    ),
    "recruits_fall": (
        series("membership", "recruited", "2014-Q1 2014-Q2 2014-Q3", [1, 0, 1]),
        {("members_recruited_falls", "2014-Q2", "recruited")},
    ),
    "recruits_begin_anew": (series("membership", "recruited", "2013-Q4 2014-Q1", [2, 0]), set()),
    "members_halve_for_a_quarter": (
        series("membership", "members", QUARTERS, [80, 82, 30, 83]),
        {("members_jump", "2014-Q2", "members")},
    ),
    "members_double_for_a_quarter": (
        series("membership", "members", QUARTERS, [40, 40, 80, 40]),
        {("members_jump", "2014-Q2", "members")},
    ),
    "small_branch_doubles": (series("membership", "members", "2013-Q4 2014-Q1", [18, 27]), set()),
    "recruits_far_from_peers": (
        [row("membership", "2014-Q2", recruited=25), *peers("membership", "2014-Q2")],
        {("members_recruited_far_from_peers", "2014-Q2", "recruited")},
    ),
    "one_recruit_more_than_peers": (
        [row("membership", "2014-Q2", recruited=4), *peers("membership", "2014-Q2")],
        set(),
    ),
    # ---- leadership ----
    "vacant": ([row("leadership", "2014-06", **VACANT)], set()),
    "vacant_from_next_month": (
        [row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": date(2014, 7, 1)})],
        {("team_vacant_since_in_future", "2014-06", "secretary_vacant_since")},
    ),
    "vacant_since_the_last_day": (
        [row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": date(2014, 6, 30)})],
        set(),
    ),
    "more_filled_than_posts": (
        [row("leadership", "2014-06", filled=6)],
        {("team_filled_above_posts", "2014-06", "filled")},
    ),
    "vacant_but_full": (
        [row("leadership", "2014-06", **{**VACANT, "filled": 5})],
        {("team_vacant_but_full", "2014-06", "filled")},
    ),
    "director_vacant_but_full": (
        [row("leadership", "2014-06", director_vacant=True)],
        {("team_vacant_but_full", "2014-06", "filled")},
    ),
    "vacant_but_headed": (
        [row("leadership", "2014-06", **{**VACANT, "secretary_origin": "dispatched"})],
        {("team_vacant_but_headed", "2014-06", "secretary_origin")},
    ),
    "vacant_without_since": (
        [row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": None})],
        {("team_vacant_without_since", "2014-06", "secretary_vacant_since")},
    ),
    "vacant_since_what_nobody_can_read": (
        [
            row(
                "leadership",
                "2014-06",
                unread=("secretary_vacant_since",),
                **{**VACANT, "secretary_vacant_since": None},
            )
        ],
        set(),
    ),
    "origin_that_nobody_can_read": (
        [row("leadership", "2014-06", unread=("secretary_origin",), **{**VACANT, "secretary_origin": None})],
        set(),
    ),
    "since_without_vacancy": (
        [row("leadership", "2014-06", secretary_vacant_since=date(2014, 5, 1))],
        {("team_since_without_vacancy", "2014-06", "secretary_vacant_since")},
    ),
    "replaced_but_not_adjusted": (
        [row("leadership", "2014-06", secretary_adjusted=1)],
        {("team_adjusted_unsaid", "2014-06", "team_adjusted")},
    ),
    "adjusted_but_nobody_replaced": (
        [row("leadership", "2014-06", team_adjusted=True)],
        {("team_adjusted_nobody", "2014-06", "team_adjusted")},
    ),
    "adjusted_and_replaced": ([row("leadership", "2014-06", team_adjusted=True, other_members_adjusted=1)], set()),
    "vacant_since_before_last_in_office": (
        [row("leadership", "2014-05"), row("leadership", "2014-06", **VACANT)],
        {("team_vacant_before_last_in_office", "2014-06", "secretary_vacant_since")},
    ),
    "vacant_since_this_month": (
        [
            row("leadership", "2014-05"),
            row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": date(2014, 6, 1)}),
        ],
        set(),
    ),
    "beginning_of_a_vacancy_moves": (
        [
            row("leadership", "2014-05", **VACANT),
            row("leadership", "2014-06", **{**VACANT, "secretary_vacant_since": date(2014, 4, 1)}),
        ],
        {("team_vacant_since_moves", "2014-06", "secretary_vacant_since")},
    ),
    "posts_change": (
        series("leadership", "posts", MONTHS, [5, 5, 8, 5]),
        {("team_posts_change", "2014-07", "posts")},
    ),
    "posts_change_a_little": (series("leadership", "posts", MONTHS, [5, 5, 7, 7]), set()),
}
