with

expected as (
    select * from {{ ref('int_expected_returns') }}
    where form = 'venue'
),

returns as (
    select * from {{ ref('stg_returns__venue') }}
    where is_latest_for_branch
),

completion_terms as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'venue_completion_years'
),

area_limits as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'venue_area_m2'
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

measured as (
    select
        {{ branch_columns('expected') }},
        extract(year from expected.period_end) as year,
        extract(quarter from expected.period_end) as quarter,
        expected.period,
        expected.period_end,
        weak_branches.branch_code is not null as is_weak,
        weak_branches.listed_on,
        returns.branch_code is not null as has_return,
        {{ reported_state('has_venue') }},
        returns.has_venue,
        {{ reported_state('condition') }},
        returns.condition,
        {{ reported_state('floor_area_m2') }},
        returns.floor_area_m2,
        {{ reported_state('built_year') }},
        returns.built_year,
        {{ reported_state('service_rooms') }},
        {{ quantity('service_rooms') }} as service_rooms,
        {{ reported_state('plan') }},
        returns.plan,
        {{ reported_state('planned_area_m2') }},
        returns.planned_area_m2,
        cast(area_limits.amount as double) as area_limit_m2,
        {{ reported_state('budget') }},
        {{ quantity_yuan('budget') }} as budget_yuan,
        {{ reported_state('funds_secured') }},
        {{ quantity_yuan('funds_secured') }} as funds_secured_yuan,
        {{ reported_state('funding_gap') }},
        {{ quantity_yuan('funding_gap') }} as funding_gap_yuan,
        {{ reported_state('construction_debt') }},
        {{ quantity_yuan('construction_debt') }} as construction_debt_yuan,
        returns.completed_on,
        cast(completion_terms.amount as integer) as completion_years,
        {{ provenance_columns() }}
    from expected
    left join returns
        on expected.branch_code = returns.branch_code and expected.period = returns.period
    left join completion_terms
        on {{ in_force('completion_terms', 'expected') }}
    left join area_limits
        on {{ in_force('area_limits', 'expected') }}
    left join weak_branches
        on expected.branch_code = weak_branches.branch_code and expected.period_end = weak_branches.period_end
),

judged as (
    select
        *,
        case
            when has_venue_state = 'exempt' then 'exempt'
            when not has_venue then 'none'
            when has_venue and condition in ('dangerous', 'cramped', 'dilapidated') then 'unfit'
            when has_venue and condition = 'sound' then 'fit'
            else 'no_data'
        end as status,
        {{ months_later('listed_on', '12 * completion_years') }} as due_on
    from measured
),

needs as (
    select
        *,
        case
            when status in ('none', 'unfit') then true
            when status = 'fit' then false
        end as is_in_need
    from judged
)

select
    {{ branch_columns('needs') }},
    cast(needs.year as integer) as year,
    cast(needs.quarter as integer) as quarter,
    needs.period,
    needs.period_end,
    needs.is_weak,
    needs.has_return,
    needs.status,
    case when needs.status = 'unfit' then needs.condition end as unfit_reason,
    needs.is_in_need,
    needs.is_in_need and needs.plan = 'none' as is_unplanned_need,
    needs.has_venue_state,
    needs.has_venue,
    needs.condition_state,
    needs.condition,
    needs.floor_area_m2_state,
    needs.floor_area_m2,
    needs.built_year_state,
    needs.built_year,
    needs.service_rooms_state,
    needs.service_rooms,
    needs.plan_state,
    needs.plan,
    needs.planned_area_m2_state,
    needs.planned_area_m2,
    needs.area_limit_m2,
    needs.planned_area_m2 > needs.area_limit_m2 as is_beyond_standard_area,
    needs.budget_state,
    needs.budget_yuan,
    {{ to_wan('needs.budget_yuan') }} as budget_wan,
    needs.funds_secured_state,
    needs.funds_secured_yuan,
    {{ to_wan('needs.funds_secured_yuan') }} as funds_secured_wan,
    needs.funding_gap_state,
    needs.funding_gap_yuan,
    {{ to_wan('needs.funding_gap_yuan') }} as funding_gap_wan,
    needs.plan in ('new_build', 'extension') and needs.budget_yuan > needs.funds_secured_yuan as is_beyond_means,
    needs.construction_debt_state,
    needs.construction_debt_yuan,
    {{ to_wan('needs.construction_debt_yuan') }} as construction_debt_wan,
    needs.listed_on,
    needs.due_on,
    needs.completed_on,
    case
        when needs.due_on is null then null
        when needs.completed_on <= needs.due_on then false
        when needs.due_on >= needs.period_end then false
        when needs.completed_on is not null then true
        else needs.is_in_need
    end as is_late,
    needs.file_sha256,
    needs.sheet_name,
    needs.table_number,
    needs.row_number,
    needs.received_at
from needs
