{# Rows of a mart that a return stands behind, the last one of each branch. #}
{% macro latest_reported(mart) -%}
    select *
    from (
        select
            marts.*,
            row_number() over (partition by marts.branch_code order by marts.period_end desc) as recency
        from {{ ref(mart) }} as marts
        where marts.has_return
    ) as ranked
    where recency = 1
{%- endmacro %}
