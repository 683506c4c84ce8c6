{# Which row of standards in force is that of a branch: the township's, for its kind, on the period's last day. #}
{% macro in_force(standards, branches) -%}
    {{ branches }}.township_code = {{ standards }}.township_code
    and {{ branches }}.branch_kind = {{ standards }}.branch_kind
    and {{ branches }}.period_end = {{ standards }}.period_end
{%- endmacro %}

{#
    How money received since 1 January stands to the year's standard: met, on_track (at least the share of the year
    that has passed), below, no_data, exempt, or no_standard where none is in force.
#}
{% macro standard_status(field, standard) -%}
    case
        when measured.{{ field }}_state = 'exempt' then 'exempt'
        when measured.{{ field }}_yuan is null then 'no_data'
        when measured.{{ standard }} is null then 'no_standard'
        when measured.{{ field }}_yuan >= measured.{{ standard }} then 'met'
        when measured.{{ field }}_yuan * 4 >= measured.{{ standard }} * measured.quarter then 'on_track'
        else 'below'
    end
{%- endmacro %}

{# What is missing to the standard: 0 where it is met, unknown where either is unknown. #}
{% macro shortfall(amount, standard) -%}
    case
        when measured.{{ amount }} >= measured.{{ standard }} then cast(0 as decimal(18, 2))
        else cast(measured.{{ standard }} - measured.{{ amount }} as decimal(18, 2))
    end
{%- endmacro %}

{# Sum of kinds of money: unknown while one of them is missing; a kind that is exempt is left out. #}
{% macro sum_of_kinds(fields) -%}
    cast(
        {%- for field in fields %}
            case when measured.{{ field }}_state = 'exempt' then 0 else measured.{{ field }}_yuan end
            {{ '+' if not loop.last }}
        {%- endfor %}
        as decimal(18, 2)
    )
{%- endmacro %}
