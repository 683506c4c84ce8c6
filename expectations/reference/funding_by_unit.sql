-- Per county, and per reporting unit, and quarter: money received since January against the same quarter of the year
-- before, over the villages that reported both.
with

returns as (
    select
        *,
        lag(total_yuan) over (partition by branch_code, quarter(period_end) order by period_end) as last_year_yuan,
        lag(period_end) over (partition by branch_code, quarter(period_end) order by period_end) as last_year_end
    from staging.stg_returns__operating_funding
    where is_latest_for_branch and total_yuan is not null
),

summed as (
    select
        period,
        reporting_unit_code,
        county_of(reporting_unit_code) as county_code,
        count(*) as villages,
        sum(total_yuan) as total_yuan,
        sum(last_year_yuan) as total_last_year_yuan
    from returns
    where year(last_year_end) = year(period_end) - 1
    group by grouping sets ((period, reporting_unit_code), (period, county_code))
)

select
    period,
    coalesce(reporting_unit_code, county_code) as reporting_unit_code,
    villages,
    total_yuan,
    total_last_year_yuan,
    case
        when reporting_unit_code is null and villages >= 10 then times(total_yuan, total_last_year_yuan)
    end as county_leap,
    case
        when reporting_unit_code is not null and villages >= 5 then times(total_yuan, total_last_year_yuan)
    end as unit_leap
from summed
