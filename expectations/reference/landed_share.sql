-- The newest period of each form whose deadline has passed: rows that came, held against the period before. One row per
-- form and city, and one per form for all cities together. What came last tells which day it is, so that a build of
-- an earlier day is judged as of then. The ledger of weak branches is left out: its length is no matter of coverage.
with

reported as (
    select
        'operating_funding' as form,
        period,
        period_end,
        left(reporting_unit_code, 4) as city_code
    from staging.stg_returns__operating_funding
    where is_latest_for_branch
    union all
    select
        'membership' as form,
        period,
        period_end,
        left(reporting_unit_code, 4) as city_code
    from staging.stg_returns__membership
    where is_latest_for_branch
    union all
    select
        'drinking_water' as form,
        period,
        period_end,
        left(reporting_unit_code, 4) as city_code
    from staging.stg_returns__drinking_water
    where is_latest_for_branch
    union all
    select
        'village_roads' as form,
        period,
        period_end,
        left(reporting_unit_code, 4) as city_code
    from staging.stg_returns__village_roads
    where is_latest_for_branch
    union all
    select
        'venue' as form,
        period,
        period_end,
        left(reporting_unit_code, 4) as city_code
    from staging.stg_returns__venue
    where is_latest_for_branch
    union all
    select
        'leadership' as form,
        period,
        period_end,
        left(reporting_unit_code, 4) as city_code
    from staging.stg_returns__leadership
    where is_latest_for_branch
),

known as (
    select max(received_on) as known_on from staging.stg_lake__files
),

due as (
    select distinct
        reported.form,
        reported.period,
        reported.period_end
    from reported
    inner join forms
        on reported.form = forms.form
    cross join known
    where reported.period_end + forms.deadline_days < known.known_on
),

periods as (
    select
        *,
        row_number() over (partition by form order by period_end desc) as recency
    from due
),

areas as (
    select distinct
        form,
        city_code
    from reported
    union all
    select distinct
        form,
        null as city_code
    from reported
),

counted as (
    select
        areas.form,
        areas.city_code,
        newest.period,
        count(*) filter (where reported.period_end = newest.period_end) as rows_now,
        count(*) filter (where reported.period_end = previous.period_end) as rows_before
    from areas
    inner join periods as newest
        on areas.form = newest.form and newest.recency = 1
    inner join periods as previous
        on areas.form = previous.form and previous.recency = 2
    inner join reported
        on areas.form = reported.form and (areas.city_code is null or areas.city_code = reported.city_code)
    group by all
)

select
    counted.form,
    forms.label_zh,
    forms.label_en,
    counted.period,
    counted.city_code as reporting_unit_code,
    counted.rows_now,
    counted.rows_before,
    -- A handful of rows is a beginner's trial, whose coming and going stops nobody.
    case
        when counted.city_code is null and counted.rows_before >= 100 then counted.rows_now / counted.rows_before
    end as landed_share,
    case
        when counted.city_code is not null and counted.rows_before >= 20 then counted.rows_now / counted.rows_before
    end as landed_in_city_share
from counted
inner join forms
    on counted.form = forms.form
