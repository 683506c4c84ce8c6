with

branches as (
    select * from {{ source('register', 'branches') }}
)

select
    branch_code,
    branch_name,
    kind as branch_kind,
    township_code,
    township_name,
    county_code,
    county_name,
    city_code,
    city_name,
    province_code,
    successor_codes,
    households,
    population,
    valid_from,
    valid_to
from branches
