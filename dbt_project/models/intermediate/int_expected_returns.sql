with

duties as (
    select * from {{ ref('int_reporting_duties') }}
)

select
    duties.form,
    duties.period,
    {{ branch_columns('duties') }},
    duties.households,
    duties.population,
    duties.period_end
from duties
where not duties.is_exempt
