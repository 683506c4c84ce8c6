-- One row per village and quarter that counts, money in yuan, nil as 0.
with

returns as (
    select
        * replace (
            quantity(fiscal_transfer_yuan, fiscal_transfer_state) as fiscal_transfer_yuan,
            quantity(party_work_subsidy_yuan, party_work_subsidy_state) as party_work_subsidy_yuan,
            quantity(other_subsidy_yuan, other_subsidy_state) as other_subsidy_yuan,
            quantity(collective_income_yuan, collective_income_state) as collective_income_yuan,
            quantity(total_yuan, total_state) as total_yuan,
            quantity(operating_spend_yuan, operating_spend_state) as operating_spend_yuan,
            quantity(staff_pay_yuan, staff_pay_state) as staff_pay_yuan,
            quantity(debt_balance_yuan, debt_balance_state) as debt_balance_yuan
        ),
        county_of(reporting_unit_code) || ' ' || period as peers,
        branch_code || ' ' || quarter(period_end) as branch_and_quarter
    from staging.stg_returns__operating_funding
    where is_latest_for_branch
)

select
    columns(name -> name not like '%_state'),
    fiscal_transfer_yuan + party_work_subsidy_yuan + other_subsidy_yuan + collective_income_yuan as sum_of_kinds_yuan,
    case
        when sum_of_kinds_yuan is null
            then
                coalesce(fiscal_transfer_yuan, 0) + coalesce(party_work_subsidy_yuan, 0)
                + coalesce(other_subsidy_yuan, 0) + coalesce(collective_income_yuan, 0)
    end as known_of_incomplete_yuan,
    operating_spend_yuan + staff_pay_yuan as spent_yuan,
    before_in_year(columns('^(.*)_yuan$'), branch_code, period_end) as '\1_before_yuan',  -- noqa: RF05
    before(columns('^(.*)_yuan$'), branch_and_quarter, period_end) as '\1_last_year_yuan',  -- noqa: RF05
    usual(debt_balance_yuan, branch_code, period_end) as debt_balance_usual_yuan,
    jump(debt_balance_yuan, branch_code, period_end, 20000) as debt_balance_jump,
    -- Money comes in lumps, so a quarter is held against the same quarter of the year before.
    leap_on_last_year(columns('^(.*)_yuan$'), branch_and_quarter, period_end, 20000) as '\1_leap',  -- noqa: RF05
    usual_of_peers(fiscal_transfer_yuan, peers) as fiscal_transfer_peers_yuan,
    distance_from_peers(fiscal_transfer_yuan, peers, 10000) as fiscal_transfer_distance
from returns
