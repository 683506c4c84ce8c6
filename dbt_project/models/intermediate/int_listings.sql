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
    self_checked_on,
    accepted_on,
    delisted_on,
    status,
    county_leader_assigned,
    case
        when county_leader_assigned is not null then true
        when county_leader_assigned_state = 'nil' then false
    end as is_leader_assigned,
    first_secretary_assigned,
    township_lead_assigned,
    paired_unit,
    paired_village,
    paired_enterprise,
    measures_state,
    measures,
    measures_done_state,
    measures_done,
    file_sha256,
    sheet_name,
    table_number,
    row_number,
    received_at,
    period_end as last_period_end
from ranked
where
    ledger_rank = 1
    and (delisted_on is not null or period_end = last_period_end)
