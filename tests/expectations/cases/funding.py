"""Cases of the rules about operating funding."""

from __future__ import annotations

from tests.expectations.cases.rows import QUARTERS, WAN, Case, peers, row, series

FUNDING: dict[str, Case] = {
    "total_is_more": (
        [row("operating_funding", "2014-Q2", total=8 * WAN)],
        {("funding_total_not_sum_of_kinds", "2014-Q2", "total")},
    ),
    "total_is_less": (
        [row("operating_funding", "2014-Q2", total=5 * WAN)],
        {("funding_total_not_sum_of_kinds", "2014-Q2", "total")},
    ),
    "a_kind_is_nil": ([row("operating_funding", "2014-Q2", nil=("other_subsidy",))], set()),
    "a_kind_is_missing": ([row("operating_funding", "2014-Q2", other_subsidy=None, total=7 * WAN)], set()),
    "a_kind_is_missing_and_the_rest_is_the_total": ([row("operating_funding", "2014-Q2", other_subsidy=None)], set()),
    "a_kind_is_missing_and_the_rest_too_much": (
        [row("operating_funding", "2014-Q2", other_subsidy=None, total=5 * WAN)],
        {("funding_kinds_above_total", "2014-Q2", "total")},
    ),
    "more_spent_than_received": (
        [row("operating_funding", "2014-Q2", operating_spend=5 * WAN)],
        {("funding_spent_above_received", "2014-Q2", "operating_spend")},
    ),
    "cumulative_falls": (
        [
            row("operating_funding", "2014-Q1"),
            row("operating_funding", "2014-Q2", fiscal_transfer=3 * WAN, total=5 * WAN),
            row("operating_funding", "2014-Q3"),
        ],
        {("funding_cumulative_falls", "2014-Q2", "fiscal_transfer")},
    ),
    "cumulative_begins_anew": (series("operating_funding", "staff_pay", "2013-Q4 2014-Q1", [2 * WAN, WAN // 2]), set()),
    "debt_ten_times": (
        series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 80 * WAN, 8 * WAN]),
        {("funding_debt_jumps", "2014-Q2", "debt_balance")},
    ),
    "debt_eight_times": (
        series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 64 * WAN, 8 * WAN]),
        {("funding_debt_jumps", "2014-Q2", "debt_balance")},
    ),
    "debt_a_tenth": (
        series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 8 * WAN, 8 * WAN // 10]),
        {("funding_debt_jumps", "2014-Q3", "debt_balance")},
    ),
    "debt_ten_times_at_first": (
        series("operating_funding", "debt_balance", QUARTERS, [80 * WAN, 8 * WAN, 8 * WAN, 8 * WAN]),
        {("funding_debt_jumps", "2013-Q4", "debt_balance")},
    ),
    "debt_stays_ten_times": (
        series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 80 * WAN, 80 * WAN]),
        {("funding_debt_jumps", "2014-Q2", "debt_balance")},
    ),
    "debt_right_again_and_lower_than_before": (
        series("operating_funding", "debt_balance", QUARTERS, [80 * WAN, 90 * WAN, 500 * WAN, 60 * WAN]),
        set(),
    ),
    "debt_ten_times_of_two_reports": (
        series("operating_funding", "debt_balance", "2014-Q1 2014-Q2", [8 * WAN, 80 * WAN]),
        {("funding_debt_jumps", "2014-Q2", "debt_balance")},
    ),
    "debt_paid_off": (series("operating_funding", "debt_balance", QUARTERS, [8 * WAN, 8 * WAN, 0, 0]), set()),
    "small_debt_jumps": (series("operating_funding", "debt_balance", QUARTERS, [1000, 1000, 10_000, 1000]), set()),
    "spending_ten_times_last_year": (
        series("operating_funding", "operating_spend", "2013-Q2 2014-Q2", [3000, 3 * WAN]),
        {("funding_leaps_against_last_year", "2014-Q2", "operating_spend")},
    ),
    "spending_doubles_on_last_year": (
        series("operating_funding", "operating_spend", "2013-Q2 2014-Q2", [15_000, 3 * WAN]),
        set(),
    ),
    "little_spending_ten_times_last_year": (
        series("operating_funding", "operating_spend", "2013-Q2 2014-Q2", [1500, 16_000]),
        set(),
    ),
    "transfer_far_from_peers": (
        [
            row("operating_funding", "2014-Q2", fiscal_transfer=40 * WAN, total=42 * WAN),
            *peers("operating_funding", "2014-Q2"),
        ],
        {("funding_transfer_far_from_peers", "2014-Q2", "fiscal_transfer")},
    ),
    "transfer_far_from_few_peers": (
        [
            row("operating_funding", "2014-Q2", fiscal_transfer=40 * WAN, total=42 * WAN),
            *peers("operating_funding", "2014-Q2", 9),
        ],
        set(),
    ),
}
