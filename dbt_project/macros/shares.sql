{# A part of a whole, 0 to 1; unknown where the whole is nothing or either is unknown. #}
{% macro share_of(part, whole) -%}
    case
        when {{ whole }} > 0 then cast(cast({{ part }} as double) / {{ whole }} as decimal(18, 6))
    end
{%- endmacro %}
