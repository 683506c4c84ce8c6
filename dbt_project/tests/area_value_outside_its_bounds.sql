-- What is known lies within what could be. A sum is what was reported: it may lie below the least that all come to.
select
    area_code,
    indicator,
    period,
    value,
    value_low,
    value_high
from {{ ref('area_scorecard') }}
where
    value_low > value_high
    or value > value_high
    or (measure <> 'sum' and value < value_low)
    or (branches_reported = branches_expected and (value <> value_low or value <> value_high))
