{#
    What came in this quarter, of a number that counts from January on: the difference to the quarter before. A branch
    that was not on the list then and sent no return had nothing before; one that was and sent none leaves it unknown.
#}
{% macro this_quarter(field) -%}
    case
        when measured.quarter = 1 then measured.{{ field }}
        when previous.branch_code is not null then measured.{{ field }} - previous.{{ field }}
        when listed_before.branch_code is null then measured.{{ field }}
    end
{%- endmacro %}
