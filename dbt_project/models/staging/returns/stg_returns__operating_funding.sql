with

returns as (
    {{ current_returns('operating_funding') }}
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
    fiscal_transfer_yuan,
    party_work_subsidy_yuan,
    other_subsidy_yuan,
    collective_income_yuan,
    total_yuan,
    operating_spend_yuan,
    staff_pay_yuan,
    debt_balance_yuan,
    {{ state_of('fiscal_transfer') }},
    {{ state_of('party_work_subsidy') }},
    {{ state_of('other_subsidy') }},
    {{ state_of('collective_income') }},
    {{ state_of('total') }},
    {{ state_of('operating_spend') }},
    {{ state_of('staff_pay') }},
    {{ state_of('debt_balance') }}
from returns
