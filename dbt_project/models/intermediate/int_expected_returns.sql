with

tables as (
    select * from {{ ref('stg_lake__tables') }}
    where
        outcome = 'landed'
        and period_end is not null
        -- A mistyped year must not open a period that has not begun.
        and period_end <= {{ months_later('received_on', 1) }}
),

branches as (
    select * from {{ ref('stg_register__branches') }}
),

reporters as (
    select * from {{ ref('expected_reporters') }}
),

-- A form's periods are those that any return was made for.
form_periods as (
    select distinct
        form,
        period,
        period_end
    from tables
),

cities as (
    select * from {{ ref('int_cities_taking_part') }}
),

expected as (
    select
        form_periods.form,
        form_periods.period,
        form_periods.period_end,
        {{ branch_columns('branches') }},
        branches.households,
        branches.population,
        row_number() over (
            partition by form_periods.form, form_periods.period, branches.branch_code
            order by branches.valid_from desc, branches.branch_name desc
        ) as register_rank
    from form_periods
    inner join reporters
        on form_periods.form = reporters.form
    inner join branches
        on
            reporters.branch_kind = branches.branch_kind
            and (branches.valid_from is null or form_periods.period_end >= branches.valid_from)
            and (branches.valid_to is null or form_periods.period_end <= branches.valid_to)
    inner join cities
        on
            branches.city_code = cities.city_code
            and form_periods.period_end >= cities.started_on
)

select
    expected.form,
    expected.period,
    {{ branch_columns('expected') }},
    expected.households,
    expected.population,
    expected.period_end
from expected
where expected.register_rank = 1
