with

branches as (
    select * from {{ ref('stg_register__branches') }}
),

cities as (
    select * from {{ ref('int_cities_taking_part') }}
),

last_period as (
    select max(period_end) as period_end
    from {{ ref('int_expected_returns') }}
),

ranked as (
    select
        {{ branch_columns('branches') }},
        branches.households,
        branches.population,
        last_period.period_end as as_of_day,
        row_number() over (
            partition by branches.branch_code
            order by branches.valid_from desc, branches.branch_name desc
        ) as register_rank
    from branches
    inner join cities
        on branches.city_code = cities.city_code
    inner join last_period
        on
            (branches.valid_from is null or branches.valid_from <= last_period.period_end)
            and (branches.valid_to is null or branches.valid_to >= last_period.period_end)
)

select
    {{ branch_columns('ranked') }},
    ranked.households,
    ranked.population,
    ranked.as_of_day
from ranked
where ranked.register_rank = 1
