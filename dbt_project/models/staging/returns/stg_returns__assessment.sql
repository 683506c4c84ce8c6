with

returns as (
    {{ current_returns('assessment') }}
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
    village_class,
    stars,
    score,
    {{ state_of('village_class') }},
    {{ state_of('stars') }},
    {{ state_of('score') }}
from returns
