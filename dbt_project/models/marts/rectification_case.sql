with

listings as (
    select
        *,
        row_number() over (partition by branch_code order by listed_on) as listing_number
    from {{ ref('int_listings') }}
),

branches as (
    select * from {{ ref('stg_register__branches') }}
),

relapse_terms as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'relapse_months'
),

gaps_shown as (
    select * from {{ ref('int_gaps_shown') }}
),

registered as (
    select
        {{ branch_columns('branches') }},
        listings.listed_on,
        row_number() over (
            partition by listings.branch_code, listings.listed_on
            order by branches.valid_from desc, branches.branch_name desc
        ) as register_rank
    from listings
    inner join branches
        on
            listings.branch_code = branches.branch_code
            and (branches.valid_from is null or listings.last_period_end >= branches.valid_from)
            and (branches.valid_to is null or listings.listed_on <= branches.valid_to)
),

cases as (
    select
        {{ branch_columns('registered') }},
        returns.listed_on,
        returns.listing_number,
        returns.weak_types,
        returns.county_leader_assigned,
        returns.first_secretary_assigned,
        returns.township_lead_assigned,
        returns.paired_unit,
        returns.paired_village,
        returns.paired_enterprise,
        returns.plan_due_on,
        {{ reported_state('measures') }},
        {{ quantity('measures') }} as measures,
        {{ reported_state('measures_done') }},
        {{ quantity('measures_done') }} as measures_done,
        returns.self_checked_on,
        returns.accepted_on,
        returns.delisted_on,
        returns.status as reported_status,
        returns.last_period_end as as_of_day,
        -- The plan counts as done when the township finds it done; where it did not say so, when others did.
        coalesce(returns.self_checked_on, returns.accepted_on, returns.delisted_on) as plan_done_on,
        cast(relapse_terms.amount as integer) as relapse_months,
        {{ months_later('returns.delisted_on', 'cast(relapse_terms.amount as integer)') }} as watched_until,
        {{ provenance_columns() }}
    from listings as returns
    inner join registered
        on
            returns.branch_code = registered.branch_code
            and returns.listed_on = registered.listed_on
            and registered.register_rank = 1
    left join relapse_terms
        on
            registered.township_code = relapse_terms.township_code
            and registered.branch_kind = relapse_terms.branch_kind
            and returns.last_period_end = relapse_terms.period_end
),

-- Each of its types that a return shows again while the branch is watched, with the first day on which it does.
shown_again as (
    select
        cases.branch_code,
        cases.listed_on,
        gaps_shown.weak_type,
        min(gaps_shown.shown_on) as first_shown_on
    from cases
    inner join gaps_shown
        on
            cases.branch_code = gaps_shown.branch_code
            and '|' || cases.weak_types || '|' like '%|' || gaps_shown.weak_type || '|%'
            and cases.delisted_on < gaps_shown.shown_on
            and cases.watched_until >= gaps_shown.shown_on
    group by cases.branch_code, cases.listed_on, gaps_shown.weak_type
),

relapses as (
    select
        branch_code,
        listed_on,
        min(first_shown_on) as relapsed_on,
        {{ joined_texts('weak_type', '|', 'weak_type') }} as relapsed_types
    from shown_again
    group by branch_code, listed_on
)

select
    {{ branch_columns('cases') }},
    cases.listed_on,
    cast(cases.listing_number as integer) as listing_number,
    cast(cases.listing_number - 1 as integer) as recurrence_count,
    cases.as_of_day,
    cases.weak_types,
    cast(1 + length(cases.weak_types) - length(replace(cases.weak_types, '|', '')) as integer) as types,
    cases.county_leader_assigned,
    cases.first_secretary_assigned,
    cases.township_lead_assigned,
    cases.paired_unit,
    cases.paired_village,
    cases.paired_enterprise,
    cases.plan_due_on,
    cases.measures_state,
    cases.measures,
    cases.measures_done_state,
    cases.measures_done,
    cases.self_checked_on,
    cases.accepted_on,
    cases.delisted_on,
    cases.reported_status,
    case
        when cases.delisted_on is not null then 'delisted'
        when cases.accepted_on is not null then 'accepted'
        when cases.self_checked_on is not null then 'self_checked'
        else 'putting_right'
    end as stage,
    cases.delisted_on is null as is_open,
    cases.accepted_on is not null as is_accepted,
    cases.delisted_on is not null as is_delisted,
    {{ days_between('cases.listed_on', 'coalesce(cases.plan_done_on, cases.as_of_day)') }} as days_putting_right,
    {{ days_between('cases.self_checked_on', 'coalesce(cases.accepted_on, cases.delisted_on, cases.as_of_day)') }}
        as days_to_acceptance,
    {{ days_between('cases.accepted_on', 'coalesce(cases.delisted_on, cases.as_of_day)') }} as days_to_delisting,
    {{ days_between('cases.listed_on', 'coalesce(cases.delisted_on, cases.as_of_day)') }} as days_on_list,
    coalesce(cases.plan_done_on, cases.as_of_day) > cases.plan_due_on as is_late,
    case
        when coalesce(cases.plan_done_on, cases.as_of_day) > cases.plan_due_on
            then {{ days_between('cases.plan_due_on', 'coalesce(cases.plan_done_on, cases.as_of_day)') }}
        when cases.plan_due_on is not null then 0
    end as days_late,
    cases.watched_until,
    case
        when cases.watched_until is not null then relapses.relapsed_on is not null
    end as is_relapsed,
    relapses.relapsed_on,
    relapses.relapsed_types,
    cases.file_sha256,
    cases.sheet_name,
    cases.table_number,
    cases.row_number,
    cases.received_at
from cases
left join relapses
    on cases.branch_code = relapses.branch_code and cases.listed_on = relapses.listed_on
