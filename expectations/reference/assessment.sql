-- One row per village and year that counts, with how it stands to the other villages of its county.
with

assessments as (
    select
        *,
        county_of(reporting_unit_code) as county,
        cast(stars as integer) as stars_number
    from staging.stg_returns__assessment
    where is_latest_for_branch
),

-- Peers with a lower score and more stars, or a higher score and fewer.
contradicted as (
    select
        own.branch_code,
        own.period,
        count(*) as peers_contradicting
    from assessments as own
    inner join assessments as peer
        on
            own.county = peer.county
            and own.period = peer.period
            and (
                (own.score > peer.score and own.stars_number < peer.stars_number)
                or (own.score < peer.score and own.stars_number > peer.stars_number)
            )
    group by own.branch_code, own.period
),

ledger as (
    select
        branch_code,
        period_end,
        listed_on
    from staging.stg_returns__rectification
    where is_latest_for_branch and delisted_on is null
),

compared as (
    select
        assessments.*,
        ledger.listed_on,
        case when ledger.branch_code is not null then assessments.stars_number end as stars_of_weak,
        case when assessments.stars_number is not null then coalesce(contradicted.peers_contradicting, 0) end
            as peers_contradicting
    from assessments
    left join contradicted
        on assessments.branch_code = contradicted.branch_code and assessments.period = contradicted.period
    left join ledger
        on assessments.branch_code = ledger.branch_code and assessments.period_end = ledger.period_end
)

select columns(name -> name not like '%_state')
from compared
