"""Cases of the rules about the work of a year: organisation life, contact visits, assessment, training."""

from __future__ import annotations

from datetime import date

from tests.expectations.cases.rows import MONTHS, Case, row, series

WORK: dict[str, Case] = {
    # ---- organisation life ----
    "more_in_full_than_decided": (
        [row("organisation_life", "2014-06", resolutions_full_process=3)],
        {("life_full_process_above_resolutions", "2014-06", "resolutions_full_process")},
    ),
    "full_process_of_none": (
        [row("organisation_life", "2014-06", resolutions=0)],
        {("life_full_process_above_resolutions", "2014-06", "resolutions_full_process")},
    ),
    "nothing_decided": ([row("organisation_life", "2014-06", resolutions=0, resolutions_full_process=0)], set()),
    "village_says_nothing_of_disclosure": (
        [row("organisation_life", "2014-06", exempt=("affairs_disclosures", "resolutions"))],
        {
            ("life_village_left_empty", "2014-06", "affairs_disclosures"),
            ("life_village_left_empty", "2014-06", "resolutions"),
        },
    ),
    "village_makes_nothing_public": (
        [row("organisation_life", "2014-06", affairs_disclosures=0, nil=("finance_disclosures",))],
        set(),
    ),
    "meetings_since_january": (
        series("organisation_life", "committee_meetings", MONTHS, [1, 1, 7, 1]),
        {("life_meetings_jump", "2014-07", "committee_meetings")},
    ),
    "five_meetings_more": (series("organisation_life", "committee_meetings", MONTHS, [1, 1, 6, 1]), set()),
    "all_groups_meet_twice": (series("organisation_life", "group_meetings", MONTHS, [8, 8, 16, 8]), set()),
    "groups_meet_four_times": (
        series("organisation_life", "group_meetings", MONTHS, [3, 3, 12, 3]),
        {("life_meetings_jump", "2014-07", "group_meetings")},
    ),
    "groups_are_forgotten": (
        [
            row("organisation_life", "2014-05"),
            row("organisation_life", "2014-06", exempt=("group_meetings",)),
            row("organisation_life", "2014-07", exempt=("group_meetings",)),
        ],
        {("life_meetings_no_longer_said", "2014-06", "group_meetings")},
    ),
    "groups_do_not_meet": (series("organisation_life", "group_meetings", "2014-05 2014-06", [3, 0]), set()),
    "recruits_without_a_meeting": (
        [
            *series("organisation_life", "branch_meetings", "2014-04 2014-05 2014-06", [0, 0, 0]),
            *series("membership", "recruited", "2014-Q1 2014-Q2", [1, 2]),
        ],
        {("life_recruits_without_meeting", "2014-06", "branch_meetings")},
    ),
    "recruits_of_an_earlier_quarter": (
        [
            *series("organisation_life", "branch_meetings", "2014-04 2014-05 2014-06", [0, 0, 0]),
            *series("membership", "recruited", "2014-Q1 2014-Q2", [2, 2]),
        ],
        set(),
    ),
    "recruits_with_a_month_unknown": (
        [
            *series("organisation_life", "branch_meetings", "2014-04 2014-06", [0, 0]),
            *series("membership", "recruited", "2014-Q1 2014-Q2", [1, 2]),
        ],
        set(),
    ),
    # ---- contact visits ----
    "more_days_than_the_month_has": (
        [row("contact_visits", "2014-06", first_secretary_days=31)],
        {("visits_days_above_month", "2014-06", "first_secretary_days")},
    ),
    "every_day_of_the_month": ([row("contact_visits", "2014-06", first_secretary_days=30)], set()),
    "more_solved_than_raised": (
        [
            row("contact_visits", "2014-01", problems_solved=5),
            row("contact_visits", "2014-02"),
            row("rectification", "2014-01"),
            row("rectification", "2014-02"),
        ],
        {("visits_solved_above_raised", "2014-01", "problems_solved")},
    ),
    "all_that_was_raised_is_solved": (
        [
            row("contact_visits", "2014-01"),
            row("contact_visits", "2014-02", problems_solved=5),
            row("rectification", "2014-01"),
            row("rectification", "2014-02"),
        ],
        set(),
    ),
    "solved_after_a_month_that_nobody_sent": (
        [row("contact_visits", "2014-02", problems_solved=9), row("rectification", "2014-02")],
        set(),
    ),
    "more_households_visited_than_there_are": (
        [row("contact_visits", "2014-06", households_visited=301)],
        {("visits_households_above_register", "2014-06", "households_visited")},
    ),
    "every_household_visited": ([row("contact_visits", "2014-06", households_visited=300)], set()),
    "visits_to_a_branch_that_is_not_listed": (
        [row("contact_visits", "2014-06"), row("rectification", "2014-06", branch=1)],
        {("visits_branch_not_listed", "2014-06", "leader_visits")},
    ),
    "visits_without_any_ledger": (
        [row("contact_visits", "2014-06"), row("rectification", "2014-05", branch=1)],
        set(),
    ),
    "visits_since_january": (
        series("contact_visits", "leader_visits", MONTHS, [2, 2, 9, 2]),
        {("visits_leader_visits_jump", "2014-07", "leader_visits")},
    ),
    "six_visits_more": (series("contact_visits", "leader_visits", MONTHS, [2, 2, 8, 2]), set()),
    # ---- assessment ----
    "five_stars_for_the_lowest_score": (
        [
            row("assessment", "2014", score=60.0, stars="5"),
            *(row("assessment", "2014", branch=number) for number in range(1, 5)),
        ],
        {("assessment_stars_against_scores", "2014", "stars")},
    ),
    "one_star_for_the_highest_score": (
        [
            row("assessment", "2014", score=99.0, stars="1"),
            *(row("assessment", "2014", branch=number) for number in range(1, 5)),
        ],
        {("assessment_stars_against_scores", "2014", "stars")},
    ),
    "another_order_among_four": (
        [
            row("assessment", "2014", score=60.0, stars="5"),
            *(row("assessment", "2014", branch=number) for number in range(1, 4)),
        ],
        set(),
    ),
    "stars_of_the_other_year": (
        [
            row("assessment", "2013", score=60.0, stars="5"),
            *(row("assessment", "2014", branch=number) for number in range(1, 5)),
        ],
        set(),
    ),
    "four_stars_of_a_listed_branch": (
        [row("assessment", "2014", stars="4"), row("rectification", "2014-12")],
        {("assessment_stars_of_weak_branch", "2014", "stars")},
    ),
    "three_stars_of_a_listed_branch": ([row("assessment", "2014"), row("rectification", "2014-12")], set()),
    "four_stars_of_a_branch_delisted_in_time": (
        [
            row("assessment", "2014", stars="4"),
            row("rectification", "2014-12", accepted_on=date(2014, 12, 9), delisted_on=date(2014, 12, 30)),
        ],
        set(),
    ),
    # ---- training ----
    "fewer_secretaries_than_a_quarter_ago": (
        series("training", "secretary_person_times", "2014-Q1 2014-Q2 2014-Q3", [40, 39, 40]),
        {("training_falls", "2014-Q2", "secretary_person_times")},
    ),
    "training_starts_anew_in_january": (
        series("training", "cadre_person_times", "2013-Q4 2014-Q1 2014-Q2", [300, 60, 60]),
        set(),
    ),
    "people_without_a_session": (
        [row("training", "2014-Q2", sessions=0)],
        {("training_without_sessions", "2014-Q2", "sessions")},
    ),
    "sessions_of_another_township": (
        [row("training", "2014-Q2", sessions=0), row("training", "2014-Q2", branch=1)],
        set(),
    ),
    "no_training": ([row("training", "2014-Q2", sessions=0, secretary_person_times=0, cadre_person_times=0)], set()),
}
