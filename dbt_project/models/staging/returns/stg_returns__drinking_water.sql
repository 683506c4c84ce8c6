with

returns as (
    {{ current_returns('drinking_water') }}
)

select
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number,
    form_version,
    reporting_unit_code,
    branch_code,
    branch_name,
    period,
    period_end,
    received_at,
    is_latest_for_branch,
    hamlets,
    hamlets_short,
    hamlets_unsafe,
    households_affected,
    pipeline_year,
    investment_planned_yuan,
    project_planned,
    {{ state_of('hamlets') }},
    {{ state_of('hamlets_short') }},
    {{ state_of('hamlets_unsafe') }},
    {{ state_of('households_affected') }},
    {{ state_of('pipeline_year') }},
    {{ state_of('investment_planned') }},
    {{ state_of('project_planned') }}
from returns
