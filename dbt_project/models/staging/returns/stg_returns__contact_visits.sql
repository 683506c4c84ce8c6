with

returns as (
    {{ current_returns('contact_visits') }}
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
    leader_visits,
    first_secretary_days,
    problems_raised,
    problems_solved,
    households_visited,
    {{ state_of('leader_visits') }},
    {{ state_of('first_secretary_days') }},
    {{ state_of('problems_raised') }},
    {{ state_of('problems_solved') }},
    {{ state_of('households_visited') }}
from returns
