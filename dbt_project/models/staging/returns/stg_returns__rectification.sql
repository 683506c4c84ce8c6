with

returns as (
    {{ current_returns('rectification') }}
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
    weak_types,
    listed_on,
    plan_due_on,
    accepted_on,
    delisted_on,
    {{ state_of('weak_types') }},
    {{ state_of('listed_on') }},
    {{ state_of('plan_due_on') }},
    {{ state_of('accepted_on') }},
    {{ state_of('delisted_on') }}
from returns
