with

closed_scorecard as (
    select * from {{ source('lake', 'closed_scorecard') }}
)

select
    closed_with,
    level,
    area_code,
    area_name,
    indicator,
    period,
    numerator,
    denominator,
    value,
    branches_reported,
    branches_expected,
    closed_at
from closed_scorecard
