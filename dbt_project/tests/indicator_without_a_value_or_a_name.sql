-- The scorecard's indicators are those of the seed, each with the period's length that its mart has.
with

computed as (
    select distinct indicator
    from {{ ref('int_township_indicators') }}
)

select computed.indicator
from computed
left join {{ ref('indicators') }} as indicators
    on computed.indicator = indicators.indicator
where indicators.indicator is null
