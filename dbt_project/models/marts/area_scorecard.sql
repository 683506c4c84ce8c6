{#- Every level of the hierarchy, and the level above it. -#}
{%- set levels = {
    'township': 'county_code', 'county': 'city_code', 'city': 'province_code', 'province': none,
} -%}
with

townships as (
    select * from {{ ref('int_township_indicators') }}
),

indicators as (
    select * from {{ ref('indicators') }}
),

areas as (
    select * from {{ ref('stg_register__areas') }}
),

summed as (
    {% for level, parent in levels.items() %}
    select
        '{{ level }}' as level,
        {{ level }}_code as area_code,
        {{ parent or 'cast(null as varchar)' }} as parent_code,
        indicator,
        period,
        period_end,
        cast(sum(numerator) as decimal(24, 6)) as numerator,
        cast(sum(denominator) as decimal(24, 6)) as denominator,
        cast(sum(branches_reported) as bigint) as branches_reported,
        cast(sum(branches_expected) as bigint) as branches_expected,
        cast(sum(branches_contradicting) as bigint) as branches_contradicting,
        -- One township without a bound leaves the whole without.
        case when count(numerator_low) = count(*) then sum(numerator_low) end as numerator_low,
        case when count(denominator_at_low) = count(*) then sum(denominator_at_low) end as denominator_at_low,
        case when count(numerator_high) = count(*) then sum(numerator_high) end as numerator_high,
        case when count(denominator_at_high) = count(*) then sum(denominator_at_high) end as denominator_at_high
    from townships
    where {{ level }}_code is not null
    group by {{ level }}_code,{{ ' ' ~ parent ~ ',' if parent }} indicator, period, period_end
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

valued as (
    select
        summed.*,
        indicators.measure,
        indicators.unit,
        indicators.better,
        indicators.is_cumulative,
        indicators.owner,
        indicators.frequency,
        indicators.label_zh,
        indicators.label_en,
        extract(year from summed.period_end) as year,
        -- A sum of some branches is no figure to compare with the sum of others; shares, ratios and means are.
        indicators.measure <> 'sum' or summed.branches_reported = summed.branches_expected as is_comparable,
        {{ indicator_value('summed', 'indicators') }} as value,
        case
            when indicators.measure = 'sum' then cast(summed.numerator_low as double)
            when summed.denominator_at_low > 0
                then
                    cast(summed.numerator_low as double) / cast(summed.denominator_at_low as double)
                    * case when indicators.unit = '%' then 100 else 1 end
            -- A ratio is a part of its whole, however large that may be.
            when indicators.measure = 'ratio' and summed.branches_reported < summed.branches_expected then 0
        end as value_low,
        case
            when indicators.measure = 'sum' then cast(summed.numerator_high as double)
            when summed.denominator_at_high > 0
                then
                    cast(summed.numerator_high as double) / cast(summed.denominator_at_high as double)
                    * case when indicators.unit = '%' then 100 else 1 end
            -- A ratio is a part of its whole, however large that may be.
            when indicators.measure = 'ratio' and summed.branches_reported < summed.branches_expected then 100
        end as value_high
    from summed
    inner join indicators
        on summed.indicator = indicators.indicator
),

-- Areas differ in size and in how much of them is known: sums are ranked by what comes to one branch that reported.
scaled as (
    select
        *,
        case
            when better = 'none' then null
            when measure = 'sum' then value / branches_reported
            else value
        end as ranked_value
    from valued
),

-- What is counted since 1 January is compared within its year only.
compared as (
    select
        *,
        lag(value) over (
            partition by area_code, indicator, case when is_cumulative then year end
            order by period_end
        ) as previous_value,
        lag(is_comparable) over (
            partition by area_code, indicator, case when is_cumulative then year end
            order by period_end
        ) as is_previous_comparable,
        rank() over (
            partition by parent_code, level, indicator, period, value is null
            order by case when better = 'higher' then -ranked_value else ranked_value end
        ) as rank_of_value,
        min(ranked_value) over (partition by parent_code, level, indicator, period) as lowest_of_siblings,
        max(ranked_value) over (partition by parent_code, level, indicator, period) as highest_of_siblings,
        count(value) over (partition by parent_code, level, indicator, period) as siblings_ranked
    from scaled
)

select
    compared.area_code,
    coalesce(areas.area_name, compared.area_code) as area_name,
    compared.level,
    compared.parent_code,
    compared.indicator,
    compared.label_zh as indicator_zh,
    compared.label_en as indicator_en,
    compared.unit,
    compared.measure,
    compared.better,
    compared.owner,
    compared.frequency,
    compared.period,
    compared.period_end,
    compared.numerator,
    compared.denominator,
    cast(compared.value as decimal(24, 6)) as value,
    compared.branches_reported,
    compared.branches_expected,
    compared.branches_contradicting,
    cast(cast(compared.branches_reported as double) / compared.branches_expected as decimal(18, 6)) as coverage,
    cast(compared.value_low as decimal(24, 6)) as value_low,
    cast(compared.value_high as decimal(24, 6)) as value_high,
    cast(compared.previous_value as decimal(24, 6)) as previous_value,
    case
        when compared.is_comparable and compared.is_previous_comparable
            then cast(compared.value - compared.previous_value as decimal(24, 6))
    end as change,
    cast(year_before.value as decimal(24, 6)) as value_year_before,
    case
        when compared.is_comparable and year_before.is_comparable
            then cast(compared.value - year_before.value as decimal(24, 6))
    end as change_on_year,
    case
        when compared.ranked_value is null then null
        -- First of one, or of equals, says nothing.
        when compared.lowest_of_siblings = compared.highest_of_siblings then null
        else compared.rank_of_value
    end as rank_among_siblings,
    compared.siblings_ranked
from compared
left join compared as year_before
    on
        compared.area_code = year_before.area_code
        and compared.indicator = year_before.indicator
        and compared.year = year_before.year + 1
        and substring(compared.period, 5) = substring(year_before.period, 5)
left join areas
    on compared.area_code = areas.area_code
