{#- Every kind of branch reports its leadership every month: who it was expected of, in the months there were. -#}
with

branches as (
    select * from {{ ref('int_expected_returns') }}
    where form = 'leadership'
),

returns as (
    select * from {{ ref('stg_returns__contact_visits') }}
    where is_latest_for_branch
),

duties as (
    select * from {{ ref('field_duties') }}
    where form = 'contact_visits' and field = 'households_visited'
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

floors as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'leader_visits'
),

-- Nothing is expected of a city before the first month for which anybody there reports visits.
started as (
    select
        substring(reporting_unit_code, 1, 4) as city_code,
        min(period_end) as started_on
    from returns
    group by substring(reporting_unit_code, 1, 4)
),

measured as (
    select
        {{ branch_columns('branches') }},
        cast(extract(year from branches.period_end) as integer) as year,
        cast(extract(month from branches.period_end) as integer) as month,
        branches.period,
        branches.period_end,
        weak_branches.listed_on,
        weak_branches.weak_types,
        returns.branch_code is not null as has_return,
        {{ state_where_due('leader_visits', 'weak_branches.is_leader_assigned') }} as leader_visits_state,
        {{ quantity('leader_visits') }} as leader_visits,
        cast(floors.amount as bigint) as leader_visits_floor,
        floors.scope_code as floor_scope_code,
        floors.source_document as floor_source,
        {{ state_where_due('first_secretary_days', 'weak_branches.is_first_secretary_assigned') }}
            as first_secretary_days_state,
        {{ quantity('first_secretary_days') }} as first_secretary_days,
        {{ reported_state('problems_raised') }},
        {{ quantity('problems_raised') }} as problems_raised,
        {{ reported_state('problems_solved') }},
        {{ quantity('problems_solved') }} as problems_solved,
        {{ state_where_due('households_visited', 'duties.is_due') }} as households_visited_state,
        {{ quantity('households_visited') }} as households_visited,
        {{ provenance_columns() }}
    from branches
    inner join weak_branches
        on branches.branch_code = weak_branches.branch_code and branches.period_end = weak_branches.period_end
    inner join started
        on branches.city_code = started.city_code and branches.period_end >= started.started_on
    left join returns
        on branches.branch_code = returns.branch_code and branches.period = returns.period
    left join duties
        on branches.branch_kind = duties.branch_kind
    left join floors
        on {{ in_force('floors', 'branches') }}
),

judged as (
    select
        *,
        case
            when leader_visits_state = 'exempt' then 'exempt'
            when leader_visits is null then 'no_data'
            when leader_visits_floor is null then 'no_standard'
            when leader_visits >= leader_visits_floor then 'kept'
            else 'below'
        end as status
    from measured
),

-- A problem is solved in a later month than it was raised in: the share is that of all months of a listing.
followed as (
    select
        *,
        sum(case when has_return then 1 else 0 end) over since_listing as months_reported_since_listing,
        sum(case when status = 'below' then 1 else 0 end) over since_listing as months_below_since_listing,
        sum(case when problems_solved is not null then problems_raised end) over since_listing
            as problems_raised_since_listing,
        sum(case when problems_raised is not null then problems_solved end) over since_listing
            as problems_solved_since_listing
    from judged
    window
        since_listing as (
            partition by branch_code, listed_on order by period_end
            rows between unbounded preceding and current row
        )
)

select
    {{ branch_columns('followed') }},
    followed.year,
    followed.month,
    followed.period,
    followed.period_end,
    followed.listed_on,
    followed.weak_types,
    followed.has_return,
    followed.status,
    followed.leader_visits_state,
    followed.leader_visits,
    followed.leader_visits_floor,
    followed.floor_scope_code,
    followed.floor_source,
    followed.first_secretary_days_state,
    followed.first_secretary_days,
    cast(extract(day from followed.period_end) as integer) as days_in_month,
    followed.problems_raised_state,
    followed.problems_raised,
    followed.problems_solved_state,
    followed.problems_solved,
    followed.households_visited_state,
    followed.households_visited,
    cast(followed.problems_raised_since_listing as bigint) as problems_raised_since_listing,
    cast(followed.problems_solved_since_listing as bigint) as problems_solved_since_listing,
    {{ share_of('followed.problems_solved_since_listing', 'followed.problems_raised_since_listing') }}
        as problems_solved_share,
    cast(followed.months_below_since_listing as bigint) as months_below_since_listing,
    cast(followed.months_reported_since_listing as bigint) as months_reported_since_listing,
    followed.file_sha256,
    followed.sheet_name,
    followed.table_number,
    followed.row_number,
    followed.received_at
from followed
