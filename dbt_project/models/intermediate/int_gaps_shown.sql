with

ledger as (
    select * from {{ ref('int_listings') }}
),

weak_types as (
    select * from {{ ref('weak_types') }}
),

venues as (
    select * from {{ ref('venue_gap') }}
    where status = 'none'
),

teams as (
    select * from {{ ref('leadership_vacancy') }}
    where status in ('secretary_vacant', 'short')
),

recruitment as (
    select * from {{ ref('member_recruitment') }}
    where is_full_year and status = 'below'
),

gaps as (
    select
        branch_code,
        'no_venue' as weak_type,
        period_end as shown_on,
        'venue' as shown_by
    from venues

    union all

    select
        branch_code,
        'team_incomplete' as weak_type,
        period_end as shown_on,
        'leadership' as shown_by
    from teams

    union all

    select
        branch_code,
        'no_recruitment' as weak_type,
        period_end as shown_on,
        'membership' as shown_by
    from recruitment

    union all

    -- What no figure shows, a new listing does.
    select
        ledger.branch_code,
        weak_types.weak_type,
        ledger.listed_on as shown_on,
        'rectification' as shown_by
    from ledger
    inner join weak_types
        on '|' || ledger.weak_types || '|' like '%|' || weak_types.weak_type || '|%'
)

select
    branch_code,
    weak_type,
    shown_on,
    min(shown_by) as shown_by
from gaps
group by branch_code, weak_type, shown_on
