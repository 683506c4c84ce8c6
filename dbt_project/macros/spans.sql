{#
    How long what is counted by month may take to reach its floor: the unit of a standard, such as 次/季, says per
    what it holds.
#}
{% macro months_of_span(unit) -%}
    case
        when {{ unit }} like '%/月' then 1
        when {{ unit }} like '%/季' then 3
        when {{ unit }} like '%/年' then 12
    end
{%- endmacro %}
