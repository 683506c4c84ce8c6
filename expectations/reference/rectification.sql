-- One row per listed branch and month that counts, with what other returns of the month say.
with

ledger as (
    select
        *,
        lag(listed_on) over branch_history as listed_on_before,
        lag(delisted_on) over branch_history as delisted_on_before
    from staging.stg_returns__rectification
    where is_latest_for_branch
    window branch_history as (partition by branch_code order by period_end)
),

measured as (
    select
        *,
        delisted_on is not null and accepted_on is null as delisted_unaccepted,
        lag(measures_done ignore nulls) over (
            partition by branch_code, listed_on order by period_end
        ) as measures_done_before,
        case
            when status <> 'delisted' and delisted_on is not null then '填有销号时间'
            when status = 'delisted' and delisted_on is null then '没有销号时间'
            when status in ('under_way', 'improved') and accepted_on is not null then '填有验收时间'
            when status = 'accepted' and accepted_on is null then '没有验收时间'
        end as date_unlike_status_zh,
        case date_unlike_status_zh
            when '填有销号时间' then 'there is a day of delisting'
            when '没有销号时间' then 'there is no day of delisting'
            when '填有验收时间' then 'there is a day of acceptance'
            when '没有验收时间' then 'there is no day of acceptance'
        end as date_unlike_status_en,
        date_unlike_status_zh as date_unlike_status,
        -- The same listing, and the month before says that it was closed.
        case
            when delisted_on is null and delisted_on_before >= listed_on
                then delisted_on_before
        end as closed_before_on,
        case
            when
                listed_on_before <> listed_on
                and delisted_on_before is null
                and listed_on <> mode(listed_on) over (
                    partition by branch_code order by period_end
                    rows between unbounded preceding and unbounded following exclude current row
                )
                then listed_on_before
        end as listed_on_earlier_said
    from ledger
)

select columns(name -> name not like '%_state')
from measured
