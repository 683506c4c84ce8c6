with

ledger as (
    select * from {{ ref('stg_returns__rectification') }}
    where is_latest_for_branch and listed_on is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by branch_code, listed_on
            order by period_end desc
        ) as ledger_rank,
        max(period_end) over (partition by branch_code) as last_period_end
    from ledger
)

-- A listing that was never closed and no longer stands in the branch's latest ledger was corrected away.
select
    branch_code,
    weak_types,
    listed_on,
    plan_due_on,
    accepted_on,
    delisted_on,
    period_end as last_period_end
from ranked
where
    ledger_rank = 1
    and (delisted_on is not null or period_end = last_period_end)
