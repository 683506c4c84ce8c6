-- One row per village and half-year that counts, nil as 0, with the hamlets of its drinking-water return.
with

returns as (
    select
        * replace (
            quantity(unpaved_km, unpaved_km_state) as unpaved_km,
            quantity(hamlets_unconnected, hamlets_unconnected_state) as hamlets_unconnected,
            quantity(bridges_needed, bridges_needed_state) as bridges_needed,
            quantity(investment_needed_yuan, investment_needed_state) as investment_needed_yuan
        ),
        county_of(reporting_unit_code) || ' ' || period as peers
    from staging.stg_returns__village_roads
    where is_latest_for_branch
),

water as (
    select
        branch_code,
        period,
        hamlets
    from staging.stg_returns__drinking_water
    where is_latest_for_branch
),

measured as (
    select
        returns.*,
        water.hamlets,
        case when returns.unpaved_km >= 1 then returns.investment_needed_yuan / returns.unpaved_km end as per_km_yuan
    from returns
    left join water
        on returns.branch_code = water.branch_code and returns.period = water.period
)

select
    columns(name -> name not like '%_state'),
    case
        when unpaved_km = 0 and hamlets_unconnected = 0 and bridges_needed = 0 then investment_needed_yuan
    end as investment_without_need_yuan,
    usual(columns('^(road_km|unpaved_km)$'), branch_code, period_end) as '\1_usual',  -- noqa: RF05
    jump(road_km, branch_code, period_end, 5) as road_km_jump,
    jump(unpaved_km, branch_code, period_end, 10) as unpaved_km_jump,
    usual(investment_needed_yuan, branch_code, period_end) as investment_needed_usual_yuan,
    jump(investment_needed_yuan, branch_code, period_end, 200000) as investment_needed_jump,
    usual_of_peers(per_km_yuan, peers) as per_km_peers_yuan,
    distance_from_peers(per_km_yuan, peers, 50000) as per_km_distance
from measured
