-- One row per branch and quarter that counts, nil as 0 for money, with what the ledger says at the quarter's end.
with

returns as (
    select
        * replace (
            quantity(floor_area_m2, floor_area_m2_state) as floor_area_m2,
            quantity(service_rooms, service_rooms_state) as service_rooms,
            quantity(planned_area_m2, planned_area_m2_state) as planned_area_m2,
            quantity(budget_yuan, budget_state) as budget_yuan,
            quantity(funds_secured_yuan, funds_secured_state) as funds_secured_yuan,
            quantity(funding_gap_yuan, funding_gap_state) as funding_gap_yuan,
            quantity(construction_debt_yuan, construction_debt_state) as construction_debt_yuan
        ),
        county_of(reporting_unit_code) || ' ' || period as peers
    from staging.stg_returns__venue
    where is_latest_for_branch
),

open_listings as (
    select
        branch_code,
        period_end,
        list_contains(string_split(weak_types, '|'), 'no_venue') as listed_without_venue
    from staging.stg_returns__rectification
    where
        is_latest_for_branch
        and accepted_on is null
        and delisted_on is null
),

measured as (
    select
        returns.*,
        open_listings.listed_without_venue,
        cast(year(returns.period_end) as bigint) as period_year,
        greatest(returns.budget_yuan - returns.funds_secured_yuan, 0) as budget_less_secured_yuan
    from returns
    left join open_listings
        on returns.branch_code = open_listings.branch_code and returns.period_end = open_listings.period_end
)

select
    columns(name -> name not like '%_state'),
    case when not has_venue and floor_area_m2 > 0 then floor_area_m2 end as floor_area_m2_of_none,
    case when not has_venue then built_year end as built_year_of_none,
    case when not has_venue then condition end as condition_of_none,
    case when not has_venue and service_rooms > 0 then service_rooms end as service_rooms_of_none,
    case when has_venue then floor_area_m2 end as floor_area_m2_of_venue,
    case when has_venue and condition is null and condition_state <> 'unread' then 'empty' end as condition_left_empty,
    case when plan = 'none' and planned_area_m2 > 0 then planned_area_m2 end as planned_area_m2_unplanned,
    case when plan = 'none' and budget_yuan > 0 then budget_yuan end as budget_unplanned_yuan,
    case when plan in ('new_build', 'extension') then budget_yuan end as budget_planned_yuan,
    cast(year(completed_on) as bigint) as completed_year,
    case
        when not has_venue and before(has_venue, branch_code, period_end)
            then before(floor_area_m2, branch_code, period_end)
    end as floor_area_m2_lost,
    before(floor_area_m2, branch_code, period_end) as floor_area_m2_before,
    usual(nullif(floor_area_m2, 0), branch_code, period_end) as floor_area_m2_usual,
    -- A building completed in the quarter is larger than what it replaces, or smaller.
    case
        when completed_on is null or completed_on < date_trunc('quarter', period_end)
            then jump(nullif(floor_area_m2, 0), branch_code, period_end, 100)
    end as floor_area_m2_jump,
    usual(columns('^(budget|construction_debt)_yuan$'), branch_code, period_end) as '\1_usual_yuan',  -- noqa: RF05
    jump(columns('^(budget|construction_debt)_yuan$'), branch_code, period_end, 50000) as '\1_jump',  -- noqa: RF05
    has_venue and listed_without_venue as venue_despite_listing,
    not has_venue and not listed_without_venue as listed_for_other_reasons,
    usual_of_peers(nullif(floor_area_m2, 0), peers) as floor_area_m2_peers,
    distance_from_peers(nullif(floor_area_m2, 0), peers, 50) as floor_area_m2_distance
from measured
