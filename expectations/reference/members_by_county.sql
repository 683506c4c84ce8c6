-- Per county, and per reporting unit, and quarter: members against the quarter before, over the branches that reported
-- both. A county counts as changed only when most of its units are: one unit's wrong return is that unit's error.
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
        reporting_unit_code,
        county_of(reporting_unit_code) as county_code,
        reporting_unit_code is null as is_county,
        count(*) as branches,
        sum(members) as members,
        sum(members_before) as members_before
    from returns
    where date_diff('month', period_end_before, period_end) = 3
    group by grouping sets ((period, reporting_unit_code, county_code), (period, county_code))
    having sum(members_before) > 0
),

changing as (
    select
        period,
        county_code,
        count(*) as units,
        count(*) filter (where abs(members - members_before) / members_before > 0.3) as changed_units
    from summed
    where not is_county
    group by period, county_code
)

select
    summed.period,
    coalesce(summed.reporting_unit_code, summed.county_code) as reporting_unit_code,
    summed.branches,
    summed.members,
    summed.members_before,
    changing.units,
    changing.changed_units,
    case
        when not summed.is_county or summed.branches < 20 then null
        when changing.changed_units < 2 or changing.changed_units * 2 <= changing.units then 0
        else abs(summed.members - summed.members_before) / summed.members_before
    end as change_share,
    case
        when not summed.is_county and summed.branches >= 5
            then abs(summed.members - summed.members_before) / summed.members_before
    end as unit_change_share
from summed
inner join changing
    on summed.period = changing.period and summed.county_code = changing.county_code
