-- One row per area and quarter that counts, nil as 0, with what was counted by the quarter before.
with

returns as (
    select
        * replace (
            quantity(sessions, sessions_state) as sessions,
            quantity(secretary_person_times, secretary_person_times_state) as secretary_person_times,
            quantity(cadre_person_times, cadre_person_times_state) as cadre_person_times
        )
    from staging.stg_returns__training
    where is_latest_for_branch
)

select
    columns(name -> name not like '%_state'),
    before_in_year(sessions, branch_code, period_end) as sessions_before,
    before_in_year(secretary_person_times, branch_code, period_end) as secretary_person_times_before,
    before_in_year(cadre_person_times, branch_code, period_end) as cadre_person_times_before,
    -- A township that held none may have sent people to those of another.
    case
        when sum(sessions) over (partition by reporting_unit_code, period) = 0
            then secretary_person_times + cadre_person_times
    end as trained_in_no_session
from returns
