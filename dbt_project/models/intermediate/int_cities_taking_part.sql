with

tables as (
    select * from {{ ref('stg_lake__tables') }}
    where outcome = 'landed' and period_end is not null
)

select
    substring(reporting_unit_code, 1, 4) as city_code,
    min(period_end) as started_on
from tables
where reporting_unit_code is not null
group by substring(reporting_unit_code, 1, 4)
