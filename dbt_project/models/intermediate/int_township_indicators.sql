with

branch_values as (
    {{ branch_values() }}
),

measures as (
    select
        indicator,
        measure
    from {{ ref('indicators') }}
),

-- A branch that said is sure; one that did not lies between the two ends.
bounded as (
    select
        branch_values.*,
        case
            when branch_values.numerator is not null and branch_values.denominator is not null
                then branch_values.numerator
            when measures.measure = 'share' then 0
            when measures.measure = 'ratio' then coalesce(branch_values.numerator, 0)
            else branch_values.lowest
        end as numerator_low,
        case
            when branch_values.numerator is not null and branch_values.denominator is not null
                then branch_values.numerator
            when measures.measure = 'share' then 1
            when measures.measure = 'ratio'
                then coalesce(branch_values.numerator, branch_values.denominator, branch_values.denominator_highest)
            else branch_values.highest
        end as numerator_high,
        case
            when measures.measure <> 'ratio' then 1
            else coalesce(branch_values.denominator, branch_values.denominator_highest)
        end as denominator_at_low,
        case
            when measures.measure <> 'ratio' then 1
            else coalesce(branch_values.denominator, branch_values.numerator, branch_values.denominator_highest)
        end as denominator_at_high,
        case
            when branch_values.numerator is null or branch_values.denominator is null then 0
            when branch_values.numerator < coalesce(branch_values.lowest, 0) then 1
            when branch_values.numerator > branch_values.highest then 1
            when measures.measure in ('share', 'ratio') and branch_values.numerator > branch_values.denominator then 1
            else 0
        end as is_contradicting
    from branch_values
    left join measures
        on branch_values.indicator = measures.indicator
)
select
    indicator,
    township_code,
    county_code,
    city_code,
    province_code,
    period,
    cast(sum(case when denominator is not null then numerator end) as decimal(24, 6)) as numerator,
    cast(sum(case when numerator is not null then denominator end) as decimal(24, 6)) as denominator,
    sum(case when numerator is not null and denominator is not null then 1 else 0 end) as branches_reported,
    sum(is_contradicting) as branches_contradicting,
    count(*) as branches_expected,
    {% for end in ['numerator_low', 'denominator_at_low', 'numerator_high', 'denominator_at_high'] %}
    case
        when count({{ end }}) = count(*) then cast(sum({{ end }}) as decimal(24, 6))
    end as {{ end }},
    {% endfor %}
    period_end
from bounded
group by indicator, township_code, county_code, city_code, province_code, period, period_end
