{#- The marts of villages, and the half-years or quarters that any of their returns exists for. -#}
{%- set marts = ['funding_standard_gap', 'water_gap', 'road_gap'] -%}
with

villages as (
    select * from {{ ref('stg_register__branches') }}
    where branch_kind = 'village'
),

marts as (
    {% for mart in marts %}
    select
        '{{ mart }}' as mart,
        city_code,
        period_end,
        branch_code
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

exempt as (
    select distinct
        branch_code,
        period_end
    from {{ ref('int_reporting_duties') }}
    where is_exempt
),

periods as (
    select distinct
        mart,
        city_code,
        period_end
    from marts
)

select
    periods.mart,
    periods.period_end,
    villages.branch_code
from periods
inner join villages
    on
        periods.city_code = villages.city_code
        and (villages.valid_from is null or periods.period_end >= villages.valid_from)
        and (villages.valid_to is null or periods.period_end <= villages.valid_to)
left join marts
    on
        periods.mart = marts.mart
        and periods.period_end = marts.period_end
        and villages.branch_code = marts.branch_code
left join exempt
    on
        periods.period_end = exempt.period_end
        and villages.branch_code = exempt.branch_code
where marts.branch_code is null and exempt.branch_code is null
