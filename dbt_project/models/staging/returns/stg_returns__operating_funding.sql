with

returns as (
    {{ current_returns('operating_funding') }}
)

select
    {{ columns_of_every_return() }},
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
