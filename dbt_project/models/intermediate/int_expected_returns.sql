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

-- A city takes part from the end of the first period that any of its townships reported.
cities as (
    select
        substring(reporting_unit_code, 1, 4) as city_code,
        min(period_end) as started_on
    from tables
    group by substring(reporting_unit_code, 1, 4)
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
            and (branches.valid_from is null or branches.valid_from <= form_periods.period_end)
            and (branches.valid_to is null or branches.valid_to >= form_periods.period_end)
    inner join cities
        on
            branches.city_code = cities.city_code
            and cities.started_on <= form_periods.period_end
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
