with

form_periods as (
    select * from {{ ref('int_form_periods') }}
),

forms as (
    select * from {{ ref('stg_lake__forms') }}
),

orders as (
    select * from {{ ref('reporting_deadlines') }}
),

calendar as (
    select * from {{ ref('working_calendar') }}
),

units as (
    select distinct
        form,
        period,
        township_code as reporting_unit_code
    from {{ ref('int_reporting_duties') }}

    union

    select
        form,
        period,
        reporting_unit_code
    from {{ ref('int_unit_duties') }}

    union

    select distinct
        form,
        period,
        reporting_unit_code
    from {{ ref('stg_lake__tables') }}
    where outcome = 'landed' and reporting_unit_code is not null
),

-- The narrowest scope wins, then the form's own row, then the row that came into force last.
ordered as (
    select
        units.form,
        units.period,
        units.reporting_unit_code,
        orders.deadline_days,
        orders.source_document,
        row_number() over (
            partition by units.form, units.period, units.reporting_unit_code
            order by
                length(orders.scope_code) desc,
                case when orders.form = 'all' then 0 else 1 end desc,
                orders.effective_from desc
        ) as order_rank
    from units
    inner join form_periods
        on units.form = form_periods.form and units.period = form_periods.period
    inner join orders
        on
            orders.form in ('all', units.form)
            and orders.scope_code = substring(units.reporting_unit_code, 1, length(orders.scope_code))
            and (orders.effective_from is null or form_periods.period_end >= orders.effective_from)
            and (orders.effective_to is null or form_periods.period_end <= orders.effective_to)
),

said as (
    select
        units.form,
        units.period,
        units.reporting_unit_code,
        ordered.source_document,
        form_periods.period_end,
        {{ days_later('form_periods.period_end', 'coalesce(ordered.deadline_days, forms.deadline_days)') }} as said_on
    from units
    inner join form_periods
        on units.form = form_periods.form and units.period = form_periods.period
    inner join forms
        on units.form = forms.form
    left join ordered
        on
            units.form = ordered.form
            and units.period = ordered.period
            and units.reporting_unit_code = ordered.reporting_unit_code
            and ordered.order_rank = 1
),

-- No holiday of China lasts longer than two weeks.
days_ahead as (
    {% for days in range(15) %}
    select {{ days }} as days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

days_of as (
    select
        said_days.said_on,
        {{ days_later('said_days.said_on', 'days_ahead.days') }} as day
    from (select distinct said.said_on from said) as said_days
    cross join days_ahead
),

due_days as (
    select
        days_of.said_on,
        min(days_of.day) as due_on
    from days_of
    left join calendar
        on days_of.day = calendar.day
    where coalesce(calendar.is_working_day, not {{ is_weekend('days_of.day') }})
    group by days_of.said_on
)

select
    said.form,
    said.period,
    said.reporting_unit_code,
    said.source_document,
    said.period_end,
    said.said_on,
    due_days.due_on
from said
inner join due_days
    on said.said_on = due_days.said_on
