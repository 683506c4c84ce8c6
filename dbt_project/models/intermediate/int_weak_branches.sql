with

listings as (
    select * from {{ ref('int_listings') }}
),

period_ends as (
    select distinct period_end
    from {{ ref('int_expected_returns') }}
),

listed as (
    select
        listings.branch_code,
        listings.weak_types,
        listings.listed_on,
        listings.is_leader_assigned,
        listings.first_secretary_assigned as is_first_secretary_assigned,
        period_ends.period_end,
        row_number() over (
            partition by listings.branch_code, period_ends.period_end
            order by listings.listed_on desc
        ) as listing_rank
    from period_ends
    inner join listings
        on
            period_ends.period_end >= listings.listed_on
            and (listings.delisted_on is null or period_ends.period_end <= listings.delisted_on)
)

select
    branch_code,
    weak_types,
    listed_on,
    is_leader_assigned,
    is_first_secretary_assigned,
    period_end
from listed
where listing_rank = 1
