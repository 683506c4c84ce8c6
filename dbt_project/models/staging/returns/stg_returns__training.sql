with

returns as (
    {{ current_returns('training') }}
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
    sessions,
    secretary_person_times,
    cadre_person_times,
    {{ state_of('sessions') }},
    {{ state_of('secretary_person_times') }},
    {{ state_of('cadre_person_times') }}
from returns
