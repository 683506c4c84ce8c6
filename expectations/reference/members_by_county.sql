-- Per county and quarter: members against the quarter before, over the branches that reported both.
with

returns as (
    select
        *,
        lag(members) over (partition by branch_code order by period_end) as members_before,
        lag(period_end) over (partition by branch_code order by period_end) as period_end_before
    from staging.stg_returns__membership
    where is_latest_for_branch and members is not null
),

summed as (
    select
        period,
        county_of(reporting_unit_code) as reporting_unit_code,
        count(*) as branches,
        sum(members) as members,
        sum(members_before) as members_before
    from returns
    where date_diff('month', period_end_before, period_end) = 3
    group by all
)

select
    period,
    reporting_unit_code,
    branches,
    members,
    members_before,
    case when branches >= 20 then abs(members - members_before) / members_before end as change_share
from summed
where members_before > 0
