"""Cases of the rules about what a village has and is given: water, roads, support, services."""

from __future__ import annotations

from tests.expectations.cases.rows import HALVES, WAN, Case, peers, row, series

VILLAGES: dict[str, Case] = {
    # ---- drinking water ----
    "pipes_of_next_year": (
        [row("drinking_water", "2014-H1", pipeline_year=2015)],
        {("water_pipeline_year_in_future", "2014-H1", "pipeline_year")},
    ),
    "pipes_of_next_year_for_once": (
        series("drinking_water", "pipeline_year", HALVES, [1998, 2016, 1998, 1998]),
        {("water_pipeline_year_in_future", "2013-H2", "pipeline_year")},
    ),
    "pipes_of_this_year": (series("drinking_water", "pipeline_year", HALVES, [1998, 1998, 1998, 2014]), set()),
    "more_hamlets_short_than_all": (
        [row("drinking_water", "2014-H1", hamlets_short=6)],
        {("water_hamlets_in_gap_above_hamlets", "2014-H1", "hamlets_short")},
    ),
    "every_hamlet_is_short_or_unsafe": ([row("drinking_water", "2014-H1", hamlets_short=5)], set()),
    "every_household_of_the_register_is_affected": ([row("drinking_water", "2014-H1", households_affected=300)], set()),
    "households_without_hamlets": (
        [row("drinking_water", "2014-H1", hamlets_short=0, hamlets_unsafe=0)],
        {("water_households_without_hamlets", "2014-H1", "households_affected")},
    ),
    "hamlets_without_households": (
        [row("drinking_water", "2014-H1", households_affected=0)],
        {("water_hamlets_without_households", "2014-H1", "households_affected")},
    ),
    "investment_in_no_plan": (
        [row("drinking_water", "2014-H1", project_planned=False)],
        {("water_investment_unplanned", "2014-H1", "investment_planned")},
    ),
    "no_plan_no_investment": (
        [row("drinking_water", "2014-H1", project_planned=False, nil=("investment_planned",))],
        set(),
    ),
    "more_households_than_in_the_register": (  # which has 300
        [row("drinking_water", "2014-H1", households_affected=301)],
        {("water_households_above_register", "2014-H1", "households_affected")},
    ),
    "a_hamlet_more_for_once": (
        series("drinking_water", "hamlets", HALVES, [6, 6, 7, 6]),
        {("water_hamlets_change", "2014-H1", "hamlets")},
    ),
    "a_hamlet_more_for_good": (
        series("drinking_water", "hamlets", HALVES, [6, 6, 7, 7]),
        {("water_hamlets_change", "2014-H1", "hamlets")},
    ),
    "pipes_grow_older": (
        series("drinking_water", "pipeline_year", "2013-H1 2013-H2", [1998, 1989]),
        {("water_pipeline_grows_older", "2013-H2", "pipeline_year")},
    ),
    "households_jump": (
        series("drinking_water", "households_affected", HALVES, [20, 22, 220, 21]),
        {("water_households_jump", "2014-H1", "households_affected")},
    ),
    # ---- roads ----
    "more_unpaved_than_road": (
        [row("village_roads", "2014-H1", unpaved_km=20.5)],
        {("roads_unpaved_above_length", "2014-H1", "unpaved_km")},
    ),
    "money_for_nothing": (
        [row("village_roads", "2014-H1", unpaved_km=0.0, hamlets_unconnected=0, nil=("bridges_needed",))],
        {("roads_investment_without_need", "2014-H1", "investment_needed")},
    ),
    "money_for_a_bridge": ([row("village_roads", "2014-H1", unpaved_km=0.0, hamlets_unconnected=0)], set()),
    "nothing_is_paved": ([row("village_roads", "2014-H1", unpaved_km=20.0)], set()),
    "no_hamlet_is_connected": (
        [row("village_roads", "2014-H1", hamlets_unconnected=6), row("drinking_water", "2014-H1")],
        set(),
    ),
    "more_unconnected_than_hamlets": (
        [row("village_roads", "2014-H1", hamlets_unconnected=7), row("drinking_water", "2014-H1")],
        {("roads_unconnected_above_hamlets", "2014-H1", "hamlets_unconnected")},
    ),
    "road_in_metres": (
        series("village_roads", "road_km", HALVES, [20.0, 20.0, 120.0, 20.0]),
        {("roads_length_jumps", "2014-H1", "road_km")},
    ),
    "roads_are_paved": (series("village_roads", "unpaved_km", HALVES, [12.0, 12.0, 4.0, 1.0]), set()),
    "money_for_roads_jumps": (
        series("village_roads", "investment_needed", HALVES, [120 * WAN, 120 * WAN, 1200 * WAN, 120 * WAN]),
        {("roads_investment_jumps", "2014-H1", "investment_needed")},
    ),
    "a_kilometre_far_from_peers": (
        [row("village_roads", "2014-H1", investment_needed=1200 * WAN), *peers("village_roads", "2014-H1")],
        {("roads_cost_far_from_peers", "2014-H1", "investment_needed")},
    ),
    # ---- support and services ----
    "road_since_january_falls": (
        series("support_outcomes", "road_built_km", "2014-Q1 2014-Q2 2014-Q3", [1.5, 1.0, 2.0]),
        {("support_cumulative_falls", "2014-Q2", "road_built_km")},
    ),
    "road_begins_anew_in_january": (
        series("support_outcomes", "road_built_km", "2013-Q4 2014-Q1", [6.0, 0.5]),
        set(),
    ),
    "medical_aid_falls": (
        series("support_outcomes", "medical_aid", "2014-Q1 2014-Q2", [2 * WAN, WAN]),
        {("support_money_falls", "2014-Q2", "medical_aid")},
    ),
    "income_of_nobody": (
        [row("support_outcomes", "2014-Q2", nil=("households_driven",))],
        {("support_income_without_households", "2014-Q2", "households_driven")},
    ),
    "no_income_and_nobody": (
        [row("support_outcomes", "2014-Q2", nil=("households_driven", "income_increase"))],
        set(),
    ),
    "medical_aid_for_nobody": (
        [row("support_outcomes", "2014-Q2", nil=("households_given_medical_aid",))],
        {("support_medical_aid_without_households", "2014-Q2", "households_given_medical_aid")},
    ),
    "services_fall": (
        series("services", "services_delivered", "2014-Q1 2014-Q2", [4, 3]),
        {("services_cumulative_falls", "2014-Q2", "services_delivered")},
    ),
    "volunteer_events_without_a_team": (
        [row("services", "2014-Q2", nil=("volunteer_teams",))],
        {("services_events_without_teams", "2014-Q2", "volunteer_teams")},
    ),
    "teams_without_events": ([row("services", "2014-Q2", nil=("volunteer_events",))], set()),
}
