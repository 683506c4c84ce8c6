-- One row per village and half-year that counts, nil as 0.
with

returns as (
    select
        * replace (
            quantity(hamlets_short, hamlets_short_state) as hamlets_short,
            quantity(hamlets_unsafe, hamlets_unsafe_state) as hamlets_unsafe,
            quantity(households_affected, households_affected_state) as households_affected,
            quantity(investment_planned_yuan, investment_planned_state) as investment_planned_yuan
        )
    from staging.stg_returns__drinking_water
    where is_latest_for_branch
),

-- The register may hold a branch once per period of validity.
branches as (
    select
        branch_code,
        max_by(households, coalesce(valid_from, date '0001-01-01')) as households
    from staging.stg_register__branches
    group by branch_code
),

measured as (
    select
        returns.*,
        branches.households,
        returns.hamlets_short + returns.hamlets_unsafe as hamlets_in_gap,
        cast(year(returns.period_end) as bigint) as period_year,
        -- A year that has not come yet is wrong by itself and no history for the others.
        case when returns.pipeline_year <= year(returns.period_end) then returns.pipeline_year end as past_pipeline_year
    from returns
    left join branches
        on returns.branch_code = branches.branch_code
)

select
    columns(name -> name not like '%_state'),
    case when hamlets_in_gap = 0 then households_affected end as households_affected_without_hamlets,
    case when households_affected = 0 then hamlets_in_gap end as hamlets_in_gap_without_households,
    case when not project_planned then investment_planned_yuan end as investment_unplanned_yuan,
    before(hamlets, branch_code, period_end) as hamlets_before,
    change(hamlets, branch_code, period_end) as hamlets_change,
    before(past_pipeline_year, branch_code, period_end) as pipeline_year_before,
    usual(households_affected, branch_code, period_end) as households_affected_usual,
    jump(households_affected, branch_code, period_end, 100) as households_affected_jump
from measured
