with

form_periods as (
    select * from {{ ref('int_form_periods') }}
),

branches as (
    select * from {{ ref('stg_register__branches') }}
),

reporters as (
    select * from {{ ref('int_expected_reporters') }}
),

cities as (
    select * from {{ ref('int_cities_taking_part') }}
),

exemptions as (
    select * from {{ ref('reporting_exemptions') }}
),

due as (
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
),

exempt as (
    select distinct
        due.form,
        due.period,
        due.branch_code
    from due
    inner join exemptions
        on
            exemptions.form in ('all', due.form)
            and exemptions.scope_code in (
                due.branch_code,
                due.township_code,
                due.county_code,
                due.city_code,
                due.province_code
            )
            and (exemptions.effective_from is null or due.period_end >= exemptions.effective_from)
            and (exemptions.effective_to is null or due.period_end <= exemptions.effective_to)
)

select
    due.form,
    due.period,
    {{ branch_columns('due') }},
    due.households,
    due.population,
    exempt.branch_code is not null as is_exempt,
    due.period_end
from due
left join exempt
    on
        due.form = exempt.form
        and due.period = exempt.period
        and due.branch_code = exempt.branch_code
where due.register_rank = 1
