-- The newest period of each form whose deadline has passed: rows that came, held against the period before. One row per
-- form and city, and one per form for all cities together. What came last tells which day it is, so that a build of
-- an earlier day is judged as of then. Forms that list only some branches are left
-- out: their length is no matter of coverage.
with

reported as (
    select
        form_rows.form,
        form_rows.period,
        form_rows.period_end,
        left(form_rows.reporting_unit_code, 4) as city_code
    from form_rows
    inner join forms
        on form_rows.form = forms.form
    where form_rows.is_latest_for_branch and forms.every_branch
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
