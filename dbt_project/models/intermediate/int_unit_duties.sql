with

forms as (
    select * from {{ ref('stg_lake__forms') }}
    where grain = 'unit' and coverage = 'all'
),

form_periods as (
    select * from {{ ref('int_form_periods') }}
),

areas as (
    select * from {{ ref('stg_register__areas') }}
),

cities as (
    select * from {{ ref('int_cities_taking_part') }}
),

exemptions as (
    select * from {{ ref('reporting_exemptions') }}
),

due as (
    select
        forms.form,
        form_periods.period,
        form_periods.period_end,
        areas.area_code as reporting_unit_code,
        areas.area_name as reporting_unit_name
    from forms
    inner join form_periods
        on forms.form = form_periods.form
    inner join areas
        on forms.reporting_level = areas.level
    inner join cities
        on
            substring(areas.area_code, 1, 4) = cities.city_code
            and form_periods.period_end >= cities.started_on
),

exempt as (
    select distinct
        due.form,
        due.period,
        due.reporting_unit_code
    from due
    inner join exemptions
        on
            exemptions.form in ('all', due.form)
            and exemptions.scope_code = substring(due.reporting_unit_code, 1, length(exemptions.scope_code))
            and (exemptions.effective_from is null or due.period_end >= exemptions.effective_from)
            and (exemptions.effective_to is null or due.period_end <= exemptions.effective_to)
)

select
    due.form,
    due.period,
    due.reporting_unit_code,
    due.reporting_unit_name,
    exempt.reporting_unit_code is not null as is_exempt,
    due.period_end
from due
left join exempt
    on
        due.form = exempt.form
        and due.period = exempt.period
        and due.reporting_unit_code = exempt.reporting_unit_code
