with

branch_values as (
    {{ branch_values() }}
),

branch_indicators as (
    select * from branch_values
    where branch_code is not null
),

boundaries as (
    select * from {{ ref('branch_boundary') }}
),

branch_days as (
    select distinct
        branch_code,
        period_end
    from branch_indicators
),

-- The row of the register that held on the period's last day.
placed as (
    select
        branch_days.branch_code,
        branch_days.period_end,
        boundaries.township_code_now,
        boundaries.county_code_now,
        boundaries.city_code_now,
        boundaries.province_code_now,
        boundaries.is_area_known,
        row_number() over (
            partition by branch_days.branch_code, branch_days.period_end
            order by boundaries.valid_from desc, boundaries.branch_name desc
        ) as register_rank
    from branch_days
    inner join boundaries
        on
            branch_days.branch_code = boundaries.branch_code
            and (boundaries.valid_from is null or branch_days.period_end >= boundaries.valid_from)
            and (boundaries.valid_to is null or branch_days.period_end <= boundaries.valid_to)
)

select
    branch_indicators.indicator,
    branch_indicators.branch_code,
    coalesce(placed.township_code_now, branch_indicators.township_code) as township_code,
    coalesce(placed.county_code_now, branch_indicators.county_code) as county_code,
    coalesce(placed.city_code_now, branch_indicators.city_code) as city_code,
    coalesce(placed.province_code_now, branch_indicators.province_code) as province_code,
    branch_indicators.period,
    branch_indicators.numerator,
    branch_indicators.denominator,
    coalesce(placed.is_area_known, false) as is_area_known,
    branch_indicators.period_end
from branch_indicators
left join placed
    on
        branch_indicators.branch_code = placed.branch_code
        and branch_indicators.period_end = placed.period_end
        and placed.register_rank = 1
