with

expected as (
    select * from {{ ref('int_expected_returns') }}
    where form = 'drinking_water'
),

returns as (
    select * from {{ ref('stg_returns__drinking_water') }}
    where is_latest_for_branch
),

age_limits as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'pipeline_age_years'
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

measured as (
    select
        {{ branch_columns('expected') }},
        extract(year from expected.period_end) as year,
        expected.period,
        expected.period_end,
        weak_branches.branch_code is not null as is_weak,
        returns.branch_code is not null as has_return,
        {{ reported_state('hamlets') }},
        {{ quantity('hamlets') }} as hamlets,
        {{ reported_state('hamlets_short') }},
        {{ quantity('hamlets_short') }} as hamlets_short,
        {{ reported_state('hamlets_unsafe') }},
        {{ quantity('hamlets_unsafe') }} as hamlets_unsafe,
        {{ reported_state('households_affected') }},
        {{ quantity('households_affected') }} as households_affected,
        {{ reported_state('pipeline_year') }},
        returns.pipeline_year,
        cast(age_limits.amount as bigint) as pipeline_age_limit,
        {{ reported_state('project_planned') }},
        returns.project_planned as is_project_planned,
        {{ reported_state('investment_planned') }},
        {{ quantity_yuan('investment_planned') }} as investment_planned_yuan,
        {{ provenance_columns() }}
    from expected
    left join returns
        on expected.branch_code = returns.branch_code and expected.period = returns.period
    left join age_limits
        on {{ in_force('age_limits', 'expected') }}
    left join weak_branches
        on expected.branch_code = weak_branches.branch_code and expected.period_end = weak_branches.period_end
),

-- A kind of gap that is exempt counts as none, unless both are.
judged as (
    select
        *,
        hamlets_short_state = 'exempt' and hamlets_unsafe_state = 'exempt' as is_exempt,
        case when hamlets_short_state = 'exempt' then 0 else hamlets_short end as short_or_exempt,
        case when hamlets_unsafe_state = 'exempt' then 0 else hamlets_unsafe end as unsafe_or_exempt,
        cast(year as bigint) - pipeline_year as pipeline_age_years
    from measured
)

select
    {{ branch_columns('judged') }},
    cast(judged.year as integer) as year,
    judged.period,
    judged.period_end,
    judged.is_weak,
    judged.has_return,
    case
        when judged.is_exempt then 'exempt'
        when judged.short_or_exempt > 0 or judged.unsafe_or_exempt > 0 then 'gap'
        when judged.short_or_exempt + judged.unsafe_or_exempt = 0 then 'no_gap'
        else 'no_data'
    end as status,
    judged.hamlets_state,
    judged.hamlets,
    judged.hamlets_short_state,
    judged.hamlets_short,
    judged.hamlets_unsafe_state,
    judged.hamlets_unsafe,
    case when not judged.is_exempt then judged.short_or_exempt + judged.unsafe_or_exempt end as hamlets_in_gap,
    judged.households_affected_state,
    judged.households_affected,
    judged.pipeline_year_state,
    judged.pipeline_year,
    judged.pipeline_age_years,
    judged.pipeline_age_limit,
    judged.pipeline_age_years > judged.pipeline_age_limit as is_pipeline_over_age,
    judged.project_planned_state,
    judged.is_project_planned,
    judged.investment_planned_state,
    judged.investment_planned_yuan,
    {{ to_wan('judged.investment_planned_yuan') }} as investment_planned_wan,
    judged.file_sha256,
    judged.sheet_name,
    judged.table_number,
    judged.row_number,
    judged.received_at
from judged
