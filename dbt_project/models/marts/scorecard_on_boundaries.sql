{#- Every level of the hierarchy. -#}
{%- set levels = ['township', 'county', 'city', 'province'] -%}
with

branches_now as (
    select * from {{ ref('int_branch_indicators_now') }}
),

-- What is about townships as reporting units goes with no branch.
indicators_of_branches as (
    select distinct indicator
    from branches_now
),

boundaries_then as (
    select scorecard.*
    from {{ ref('area_scorecard') }} as scorecard
    inner join indicators_of_branches
        on scorecard.indicator = indicators_of_branches.indicator
),

areas as (
    select * from {{ ref('stg_register__areas') }}
),

indicators as (
    select * from {{ ref('indicators') }}
),

-- Of a branch whose figure is unknown neither part is in the sums, as in the scorecard.
summed as (
    {% for level in levels %}
    select
        '{{ level }}' as level,
        {{ level }}_code as area_code,
        indicator,
        period,
        period_end,
        cast(sum(case when denominator is not null then numerator end) as decimal(24, 6)) as numerator,
        cast(sum(case when numerator is not null then denominator end) as decimal(24, 6)) as denominator,
        sum(case when numerator is not null and denominator is not null then 1 else 0 end) as branches_reported,
        count(*) as branches_expected,
        sum(case when is_area_known then 0 else 1 end) as branches_not_placed
    from branches_now
    group by {{ level }}_code, indicator, period, period_end
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

boundaries_now as (
    select
        summed.*,
        {{ indicator_value('summed', 'indicators') }} as value
    from summed
    inner join indicators
        on summed.indicator = indicators.indicator
),

-- An area that is no more has figures then only, a new one now only.
compared as (
    select
        coalesce(boundaries_then.level, boundaries_now.level) as level,
        coalesce(boundaries_then.area_code, boundaries_now.area_code) as area_code,
        coalesce(boundaries_then.indicator, boundaries_now.indicator) as indicator,
        coalesce(boundaries_then.period, boundaries_now.period) as period,
        coalesce(boundaries_then.period_end, boundaries_now.period_end) as period_end,
        boundaries_then.value as value_then,
        boundaries_now.value as value_now,
        boundaries_then.numerator as numerator_then,
        boundaries_now.numerator as numerator_now,
        boundaries_then.denominator as denominator_then,
        boundaries_now.denominator as denominator_now,
        coalesce(boundaries_then.branches_reported, 0) as branches_reported_then,
        coalesce(boundaries_now.branches_reported, 0) as branches_reported_now,
        coalesce(boundaries_then.branches_expected, 0) as branches_expected_then,
        coalesce(boundaries_now.branches_expected, 0) as branches_expected_now,
        coalesce(boundaries_now.branches_not_placed, 0) as branches_not_placed
    from boundaries_then
    full outer join boundaries_now
        on
            boundaries_then.level = boundaries_now.level
            and boundaries_then.area_code = boundaries_now.area_code
            and boundaries_then.indicator = boundaries_now.indicator
            and boundaries_then.period = boundaries_now.period
)

select
    compared.level,
    compared.area_code,
    coalesce(areas.area_name, compared.area_code) as area_name,
    compared.indicator,
    indicators.label_zh as indicator_zh,
    indicators.unit,
    compared.period,
    compared.period_end,
    compared.value_then,
    cast(compared.value_now as decimal(24, 6)) as value_now,
    compared.numerator_then,
    compared.numerator_now,
    compared.denominator_then,
    compared.denominator_now,
    cast(compared.branches_reported_then as bigint) as branches_reported_then,
    cast(compared.branches_reported_now as bigint) as branches_reported_now,
    cast(compared.branches_expected_then as bigint) as branches_expected_then,
    cast(compared.branches_expected_now as bigint) as branches_expected_now,
    cast(compared.branches_not_placed as bigint) as branches_not_placed,
    compared.branches_expected_then <> compared.branches_expected_now
    or {{ differ('compared.numerator_then', 'compared.numerator_now') }}
    or {{ differ('compared.denominator_then', 'compared.denominator_now') }} as is_changed
from compared
left join areas
    on compared.area_code = areas.area_code
left join indicators
    on compared.indicator = indicators.indicator
