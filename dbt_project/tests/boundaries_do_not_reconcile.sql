-- What is known adds up to the same whichever boundaries it is set out by.
with

totals as (
    select
        level,
        indicator,
        period,
        coalesce(sum(numerator_then), 0) as numerator_then,
        coalesce(sum(numerator_now), 0) as numerator_now,
        coalesce(sum(denominator_then), 0) as denominator_then,
        coalesce(sum(denominator_now), 0) as denominator_now,
        sum(branches_reported_then) as branches_reported_then,
        sum(branches_reported_now) as branches_reported_now,
        sum(branches_expected_then) as branches_expected_then,
        sum(branches_expected_now) as branches_expected_now
    from {{ ref('scorecard_on_boundaries') }}
    group by level, indicator, period
)

select *
from totals
where
    numerator_then <> numerator_now
    or denominator_then <> denominator_now
    or branches_reported_then <> branches_reported_now
    or branches_expected_then <> branches_expected_now
