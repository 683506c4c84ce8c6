with

counties as (
    select * from {{ ref('int_unit_duties') }}
    where form = 'training' and not is_exempt
),

cities as (
    select * from {{ ref('stg_register__areas') }}
    where level = 'city'
),

returns as (
    select * from {{ ref('stg_returns__training') }}
    where is_latest_for_branch
),

expected as (
    select
        counties.reporting_unit_code as county_code,
        counties.reporting_unit_name as county_name,
        cities.area_code as city_code,
        cities.area_name as city_name,
        substring(counties.reporting_unit_code, 1, 2) as province_code,
        counties.period,
        counties.period_end
    from counties
    inner join cities
        on substring(counties.reporting_unit_code, 1, 4) = cities.area_code
),

figures as (
    select
        returns.reporting_unit_code as county_code,
        returns.period,
        returns.branch_code = returns.reporting_unit_code as is_own,
        {{ quantity('sessions') }} as sessions,
        {{ quantity('secretary_person_times') }} as secretary_person_times,
        {{ quantity('cadre_person_times') }} as cadre_person_times
    from returns
),

-- A county writes one row for itself, or one for every township; of a sum every part must be known.
reported as (
    select
        county_code,
        period,
    {% for figure in ['sessions', 'secretary_person_times', 'cadre_person_times'] %}
    coalesce(
        max(case when is_own then {{ figure }} end),
        case
            when count(case when not is_own then 1 end) = count(case when not is_own then {{ figure }} end)
                then sum(case when not is_own then {{ figure }} end)
        end
    ) as {{ figure }}{{ ',' if not loop.last }}
    {% endfor %}
    from figures
    group by county_code, period
),

measured as (
    select
        expected.*,
        cast(extract(year from expected.period_end) as integer) as year,
        cast(extract(quarter from expected.period_end) as integer) as quarter,
        reported.county_code is not null as has_return,
        cast(reported.sessions as bigint) as sessions,
        cast(reported.secretary_person_times as bigint) as secretary_person_times,
        cast(reported.cadre_person_times as bigint) as cadre_person_times
    from expected
    left join reported
        on expected.county_code = reported.county_code and expected.period = reported.period
)

select
    measured.county_code,
    measured.county_name,
    measured.city_code,
    measured.city_name,
    measured.province_code,
    measured.year,
    measured.quarter,
    measured.period,
    measured.period_end,
    measured.has_return,
    measured.sessions,
    measured.secretary_person_times,
    measured.cadre_person_times,
    case
        when measured.quarter = 1 then measured.sessions
        else measured.sessions - before.sessions
    end as sessions_this_quarter,
    case
        when measured.quarter = 1 then measured.secretary_person_times
        else measured.secretary_person_times - before.secretary_person_times
    end as secretary_person_times_this_quarter,
    case
        when measured.quarter = 1 then measured.cadre_person_times
        else measured.cadre_person_times - before.cadre_person_times
    end as cadre_person_times_this_quarter
from measured
left join measured as before
    on
        measured.county_code = before.county_code
        and measured.year = before.year
        and measured.quarter = before.quarter + 1
