"""Cases of the rules about the ledger of weak and lax organisations."""

from __future__ import annotations

from datetime import date

from tests.expectations.cases.rows import MONTHS, Case, row, series

LEDGER: dict[str, Case] = {
    "listed_next_month": (
        [row("rectification", "2014-06", listed_on=date(2014, 7, 1))],
        {("ledger_date_in_future", "2014-06", "listed_on")},
    ),
    "everything_on_one_day": (
        [
            row(
                "rectification",
                "2014-06",
                **dict.fromkeys(("listed_on", "plan_due_on", "accepted_on", "delisted_on"), date(2014, 6, 30)),
            )
        ],
        set(),
    ),
    "due_before_listed": (
        [row("rectification", "2014-06", plan_due_on=date(2014, 1, 9))],
        {("ledger_date_before_listed", "2014-06", "plan_due_on")},
    ),
    "delisted_before_accepted": (
        [row("rectification", "2014-06", accepted_on=date(2014, 6, 20), delisted_on=date(2014, 6, 10))],
        {("ledger_delisted_before_accepted", "2014-06", "delisted_on")},
    ),
    "delisted_without_acceptance": (
        [row("rectification", "2014-06", delisted_on=date(2014, 6, 10))],
        {("ledger_delisted_unaccepted", "2014-06", "accepted_on")},
    ),
    "accepted_and_delisted": (
        [row("rectification", "2014-06", accepted_on=date(2014, 6, 10), delisted_on=date(2014, 6, 10))],
        set(),
    ),
    "day_of_listing_moves_for_once": (
        series("rectification", "listed_on", MONTHS, [date(2014, 1, day) for day in (10, 10, 20, 10)]),
        {("ledger_listed_on_moves", "2014-07", "listed_on")},
    ),
    "delisting_taken_back": (
        [
            row("rectification", "2014-05", accepted_on=date(2014, 5, 6), delisted_on=date(2014, 5, 10)),
            row("rectification", "2014-06"),
        ],
        {("ledger_delisting_taken_back", "2014-06", "delisted_on")},
    ),
    "listed_again": (
        [
            row("rectification", "2014-05", accepted_on=date(2014, 5, 6), delisted_on=date(2014, 5, 10)),
            row("rectification", "2014-06", listed_on=date(2014, 6, 3)),
        ],
        set(),
    ),
    "accepted_before_self_check": (
        [row("rectification", "2014-06", self_checked_on=date(2014, 6, 11), accepted_on=date(2014, 6, 10))],
        {("ledger_accepted_before_self_check", "2014-06", "accepted_on")},
    ),
    "accepted_on_the_day_of_the_self_check": (
        [row("rectification", "2014-06", self_checked_on=date(2014, 6, 10), accepted_on=date(2014, 6, 10))],
        set(),
    ),
    "self_check_after_the_plan_was_due": (
        [row("rectification", "2015-02", self_checked_on=date(2015, 1, 10))],
        set(),
    ),
    "more_measures_done_than_planned": (
        [row("rectification", "2014-06", measures=4, measures_done=5)],
        {("ledger_measures_done_above_plan", "2014-06", "measures_done")},
    ),
    "all_measures_done": ([row("rectification", "2014-06", measures=4, measures_done=4)], set()),
    "measures_done_fall": (
        series("rectification", "measures_done", MONTHS, [1, 3, 2, 4]),
        {("ledger_measures_done_fall", "2014-07", "measures_done")},
    ),
    "measures_begin_anew_with_a_new_listing": (
        [
            row(
                "rectification",
                "2014-05",
                measures_done=3,
                accepted_on=date(2014, 5, 6),
                delisted_on=date(2014, 5, 10),
            ),
            row("rectification", "2014-06", listed_on=date(2014, 6, 3), measures_done=0),
        ],
        set(),
    ),
    "under_way_though_accepted": (
        [row("rectification", "2014-06", accepted_on=date(2014, 6, 10), status="improved")],
        {("ledger_status_unlike_dates", "2014-06", "status")},
    ),
    "accepted_without_a_day": (
        [row("rectification", "2014-06", status="accepted")],
        {("ledger_status_unlike_dates", "2014-06", "status")},
    ),
    "delisted_without_a_day": (
        [row("rectification", "2014-06", accepted_on=date(2014, 6, 10), status="delisted")],
        {("ledger_status_unlike_dates", "2014-06", "status")},
    ),
    "accepted_though_delisted": (
        [
            row(
                "rectification",
                "2014-06",
                accepted_on=date(2014, 6, 10),
                delisted_on=date(2014, 6, 12),
                status="accepted",
            )
        ],
        {("ledger_status_unlike_dates", "2014-06", "status")},
    ),
    "accepted_on_a_day": ([row("rectification", "2014-06", accepted_on=date(2014, 6, 10), status="accepted")], set()),
}
