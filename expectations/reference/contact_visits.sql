-- One row per branch and month that counts, nil as 0, with what the ledger and the register say.
with

returns as (
    select
        * replace (
            quantity(leader_visits, leader_visits_state) as leader_visits,
            quantity(first_secretary_days, first_secretary_days_state) as first_secretary_days,
            quantity(problems_raised, problems_raised_state) as problems_raised,
            quantity(problems_solved, problems_solved_state) as problems_solved,
            quantity(households_visited, households_visited_state) as households_visited
        )
    from staging.stg_returns__contact_visits
    where is_latest_for_branch
),

households as (
    select
        branch_code,
        max(households) as households
    from staging.stg_register__branches
    group by branch_code
),

ledger as (
    select * from staging.stg_returns__rectification
    where is_latest_for_branch
),

compared as (
    select
        returns.*,
        households.households as households_in_register,
        ledger.listed_on,
        -- A unit that sent no ledger for the month says nothing about who is listed.
        ledger.branch_code is null
        and exists (
            select 1 from ledger as others
            where others.reporting_unit_code = returns.reporting_unit_code and others.period = returns.period
        ) as is_not_listed
    from returns
    left join households
        on returns.branch_code = households.branch_code
    left join ledger
        on returns.branch_code = ledger.branch_code and returns.period = ledger.period
),

measured as (
    select
        *,
        day(period_end) as days_in_month,
        usual(leader_visits, branch_code, period_end) as leader_visits_usual,
        sum(problems_raised) over since_listing as raised_since_listing,
        sum(problems_solved) over since_listing as solved_since_listing,
        -- Only where no month since the listing is missing does the sum hold everything that was raised.
        count(problems_raised) over since_listing = date_diff('month', listed_on, period_end) + 1
            as is_raised_known
    from compared
    window since_listing as (
        partition by branch_code, listed_on order by period_end rows between unbounded preceding and current row
    )
)

select
    columns(name -> name not like '%_state'),
    -- A month that says too much is found once, not again in every month after it.
    case
        when is_raised_known and raised_since_listing - problems_raised >= solved_since_listing - problems_solved
            then raised_since_listing
    end as raised_up_to_now,
    -- Beyond what the branch usually reports: counted since January, most likely.
    leader_visits - leader_visits_usual as leader_visits_beyond_usual
from measured
