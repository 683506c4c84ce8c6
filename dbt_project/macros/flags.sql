{# How many of the flags are set. #}
{% macro flags_set(flags) -%}
    {%- for flag in flags -%}
        case when {{ flag }} then 1 else 0 end{{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# How many of the flags nothing is known of, though somebody should have reported it. #}
{% macro flags_unknown(flags) -%}
    {%- for flag, applies in flags.items() -%}
        case when {{ applies }} and {{ flag }} is null then 1 else 0 end{{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# 1 where the flag is set, 0 where it is not, unknown where nothing is known. #}
{% macro as_number(flag) -%}
    case when {{ flag }} then 1 when not {{ flag }} then 0 end
{%- endmacro %}

{# Whether two values differ, where nothing known differs from something known. #}
{% macro differ(one, other) -%}
    coalesce({{ one }} <> {{ other }}, ({{ one }} is null) <> ({{ other }} is null))
{%- endmacro %}
