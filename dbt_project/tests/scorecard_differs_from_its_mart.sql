-- Two indicators of the scorecard, counted again from their marts at the level of cities.
with

counted as (
    select
        city_code,
        period,
        'members_recruited' as indicator,
        sum(recruited) as numerator,
        count(recruited) as branches_reported
    from {{ ref('member_recruitment') }}
    where status <> 'exempt'
    group by city_code, period

    union all

    select
        city_code,
        period,
        'venue_none_share' as indicator,
        sum(case when status = 'none' then 1 when has_venue then 0 end) as numerator,
        count(case when status = 'none' or has_venue then 1 end) as branches_reported
    from {{ ref('venue_gap') }}
    where status <> 'exempt'
    group by city_code, period
)

select
    counted.*,
    scorecard.numerator as numerator_of_scorecard,
    scorecard.branches_reported as reported_of_scorecard
from counted
left join {{ ref('area_scorecard') }} as scorecard
    on
        counted.city_code = scorecard.area_code
        and counted.period = scorecard.period
        and counted.indicator = scorecard.indicator
where
    scorecard.area_code is null
    or coalesce(counted.numerator, 0) <> coalesce(scorecard.numerator, 0)
    or counted.branches_reported <> scorecard.branches_reported
