with

closed_periods as (
    select * from {{ ref('stg_lake__closed_periods') }}
    where is_closed
),

frozen as (
    select
        frozen.*,
        closed_periods.closed_by
    from {{ ref('stg_lake__closed_scorecard') }} as frozen
    inner join closed_periods
        on
            frozen.closed_with = closed_periods.closed_with
            and frozen.closed_at = closed_periods.closed_at
            and frozen.period = closed_periods.period
),

now_known as (
    select
        scorecard.*,
        closed_periods.closed_with,
        closed_periods.closed_at,
        closed_periods.closed_by
    from {{ ref('area_scorecard') }} as scorecard
    inner join closed_periods
        on scorecard.period = closed_periods.period
),

indicators as (
    select * from {{ ref('indicators') }}
),

-- An area or an indicator may be in one of them only.
compared as (
    select
        coalesce(frozen.closed_with, now_known.closed_with) as closed_with,
        coalesce(frozen.closed_at, now_known.closed_at) as closed_at,
        coalesce(frozen.closed_by, now_known.closed_by) as closed_by,
        coalesce(frozen.level, now_known.level) as level,
        coalesce(frozen.area_code, now_known.area_code) as area_code,
        coalesce(frozen.area_name, now_known.area_name) as area_name,
        coalesce(frozen.indicator, now_known.indicator) as indicator,
        coalesce(frozen.period, now_known.period) as period,
        frozen.value as value_as_closed,
        now_known.value as value_now,
        frozen.numerator as numerator_as_closed,
        now_known.numerator as numerator_now,
        frozen.denominator as denominator_as_closed,
        now_known.denominator as denominator_now,
        frozen.branches_reported as branches_reported_as_closed,
        now_known.branches_reported as branches_reported_now,
        frozen.branches_expected as branches_expected_as_closed,
        now_known.branches_expected as branches_expected_now
    from frozen
    full outer join now_known
        on
            frozen.closed_with = now_known.closed_with
            and frozen.closed_at = now_known.closed_at
            and frozen.level = now_known.level
            and frozen.area_code = now_known.area_code
            and frozen.indicator = now_known.indicator
            and frozen.period = now_known.period
)

select
    compared.closed_with,
    compared.closed_at,
    compared.closed_by,
    compared.level,
    compared.area_code,
    compared.area_name,
    compared.indicator,
    indicators.label_zh as indicator_zh,
    indicators.unit,
    compared.period,
    compared.value_as_closed,
    compared.value_now,
    cast(compared.value_now - compared.value_as_closed as decimal(24, 6)) as change_since_closing,
    compared.numerator_as_closed,
    compared.numerator_now,
    compared.denominator_as_closed,
    compared.denominator_now,
    compared.branches_reported_as_closed,
    compared.branches_reported_now,
    compared.branches_expected_as_closed,
    compared.branches_expected_now,
    {{ differ('compared.numerator_as_closed', 'compared.numerator_now') }}
    or {{ differ('compared.denominator_as_closed', 'compared.denominator_now') }}
    or {{ differ('compared.branches_reported_as_closed', 'compared.branches_reported_now') }}
    or {{ differ('compared.branches_expected_as_closed', 'compared.branches_expected_now') }} as is_changed
from compared
left join indicators
    on compared.indicator = indicators.indicator
