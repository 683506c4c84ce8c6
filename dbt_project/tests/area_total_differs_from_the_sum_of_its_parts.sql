-- Every level of the scorecard adds up to the one above it; what a county reports of itself comes to its townships.
with

scorecard as (
    select * from {{ ref('area_scorecard') }}
),

lower_levels as (
    select
        parent_code as area_code,
        indicator,
        period,
        numerator,
        denominator,
        branches_reported,
        branches_expected
    from scorecard
    where parent_code is not null

    union all

    select
        county_code as area_code,
        indicator,
        period,
        numerator,
        denominator,
        branches_reported,
        branches_expected
    from {{ ref('int_township_indicators') }}
    where township_code is null
),

parts as (
    select
        area_code,
        indicator,
        period,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(branches_reported) as branches_reported,
        sum(branches_expected) as branches_expected
    from lower_levels
    group by area_code, indicator, period
)

select
    parts.area_code,
    parts.indicator,
    parts.period,
    scorecard.numerator,
    parts.numerator as numerator_of_parts
from parts
left join scorecard
    on
        parts.area_code = scorecard.area_code
        and parts.indicator = scorecard.indicator
        and parts.period = scorecard.period
where
    scorecard.area_code is null
    or coalesce(parts.numerator, 0) <> coalesce(scorecard.numerator, 0)
    or coalesce(parts.denominator, 0) <> coalesce(scorecard.denominator, 0)
    or parts.branches_reported <> scorecard.branches_reported
    or parts.branches_expected <> scorecard.branches_expected
