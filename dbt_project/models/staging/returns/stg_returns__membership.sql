with

returns as (
    {{ current_returns('membership') }}
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
    members,
    members_over_60,
    members_under_35,
    members_female,
    applicants,
    activists,
    recruited,
    reserve_cadres,
    {{ state_of('members') }},
    {{ state_of('members_over_60') }},
    {{ state_of('members_under_35') }},
    {{ state_of('members_female') }},
    {{ state_of('applicants') }},
    {{ state_of('activists') }},
    {{ state_of('recruited') }},
    {{ state_of('reserve_cadres') }}
from returns
