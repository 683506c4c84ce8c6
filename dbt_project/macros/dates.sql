{#
    Where engines differ. The branch is on the target, not by adapter.dispatch, because the linter renders these
    macros without an adapter.
#}

{# The date on which people in China lived through the moment. #}
{% macro china_date(moment) -%}
    {%- if target is defined and target.type == 'spark' -%}
        cast(from_utc_timestamp({{ moment }}, 'Asia/Shanghai') as date)
    {%- else -%}
        cast({{ moment }} at time zone 'Asia/Shanghai' as date)
    {%- endif -%}
{%- endmacro %}

{# The same day of the month, so many months later. #}
{% macro months_later(day, months) -%}
    {%- if target is defined and target.type == 'spark' -%}
        add_months({{ day }}, {{ months }})
    {%- else -%}
        cast({{ day }} + {{ months }} * interval '1 month' as date)
    {%- endif -%}
{%- endmacro %}

{# So many days later. #}
{% macro days_later(day, days) -%}
    {%- if target is defined and target.type == 'spark' -%}
        date_add({{ day }}, {{ days }})
    {%- else -%}
        cast({{ day }} + {{ days }} * interval '1 day' as date)
    {%- endif -%}
{%- endmacro %}

{# Days from one day to another. #}
{% macro days_between(first, last) -%}
    {%- if target is defined and target.type == 'spark' -%}
        datediff({{ last }}, {{ first }})
    {%- else -%}
        cast({{ last }} - {{ first }} as integer)
    {%- endif -%}
{%- endmacro %}
{# Saturdays and Sundays. #}
{% macro is_weekend(day) -%}
    {%- if target is defined and target.type == 'spark' -%}
        weekday({{ day }}) >= 5
    {%- else -%}
        extract(isodow from {{ day }}) >= 6
    {%- endif -%}
{%- endmacro %}

{# The day that what comes in at the moment belongs to: a night's intake takes what came before its day closed. #}
{% macro working_day_of(moment) -%}
    {{ china_date("(" ~ moment ~ " - interval '" ~ var('day_closes_at_hour') ~ "' hour)") }}
{%- endmacro %}
