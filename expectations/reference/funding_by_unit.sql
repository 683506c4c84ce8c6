-- Per county, and per reporting unit, and quarter: money received since January against the same quarter of the year
-- before, over the villages that reported both. A county counts as leaping only when most of its units do: one unit in
-- the wrong unit of money is that unit's error, and no reason to keep from everyone what the others sent.
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
        reporting_unit_code is null as is_county,
        count(*) as villages,
        sum(total_yuan) as total_yuan,
        sum(last_year_yuan) as total_last_year_yuan
    from returns
    where year(last_year_end) = year(period_end) - 1
    group by grouping sets ((period, reporting_unit_code, county_code), (period, county_code))
),

leaping as (
    select
        period,
        county_code,
        count(*) as units,
        count(*) filter (where times(total_yuan, total_last_year_yuan) >= 5) as leaping_units
    from summed
    where not is_county
    group by period, county_code
)

select
    summed.period,
    coalesce(summed.reporting_unit_code, summed.county_code) as reporting_unit_code,
    summed.villages,
    summed.total_yuan,
    summed.total_last_year_yuan,
    leaping.units,
    leaping.leaping_units,
    case
        when not summed.is_county or summed.villages < 10 then null
        when leaping.leaping_units < 2 or leaping.leaping_units * 2 <= leaping.units then 1
        else times(summed.total_yuan, summed.total_last_year_yuan)
    end as county_leap,
    case
        when not summed.is_county and summed.villages >= 5 then times(summed.total_yuan, summed.total_last_year_yuan)
    end as unit_leap
from summed
inner join leaping
    on summed.period = leaping.period and summed.county_code = leaping.county_code
