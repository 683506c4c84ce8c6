-- One row per branch and month that counts, nil as 0, with what the register and the return on membership say.
with

returns as (
    select
        * replace (
            quantity(branch_meetings, branch_meetings_state) as branch_meetings,
            quantity(committee_meetings, committee_meetings_state) as committee_meetings,
            quantity(group_meetings, group_meetings_state) as group_meetings,
            quantity(lectures, lectures_state) as lectures,
            quantity(resolutions, resolutions_state) as resolutions,
            quantity(resolutions_full_process, resolutions_full_process_state) as resolutions_full_process
        ),
        -- Villages and communities decide and make public; other branches leave those columns empty.
        branch_code in (
            select branches.branch_code
            from staging.stg_register__branches as branches
            where branches.branch_kind in ('village', 'community')
        ) as is_governing
    from staging.stg_returns__organisation_life
    where is_latest_for_branch
),

recruits as (
    select
        branch_code,
        period_end,
        quantity(recruited, recruited_state) as recruited,
        lag(period_end) over branch_history as period_end_before,
        lag(quantity(recruited, recruited_state)) over branch_history as recruited_before
    from staging.stg_returns__membership
    where is_latest_for_branch
    window branch_history as (partition by branch_code order by period_end)
),

-- Recruits are counted since January: those of a quarter are known where the quarter before is.
recruits_by_quarter as (
    select
        branch_code,
        period_end,
        case
            when quarter(period_end) = 1 then recruited
            when period_end_before = last_day(period_end - interval 3 month) then recruited - recruited_before
        end as recruited_in_quarter
    from recruits
),

quarters as (
    select
        branch_code,
        last_day(max(period_end)) as period_end,
        case when count(branch_meetings) = 3 then sum(branch_meetings) end as meetings_in_quarter
    from returns
    group by branch_code, year(period_end), quarter(period_end)
),

measured as (
    select
        returns.*,
        returns.is_governing and returns.resolutions_state = 'exempt' as resolutions_left_empty,
        returns.is_governing
        and returns.resolutions_full_process_state = 'exempt' as resolutions_full_process_left_empty,
        returns.is_governing and returns.affairs_disclosures_state = 'exempt' as affairs_disclosures_left_empty,
        returns.is_governing and returns.finance_disclosures_state = 'exempt' as finance_disclosures_left_empty,
        case
            when returns.committee_meetings_state = 'exempt' then lag(returns.committee_meetings) over branch_history
        end as committee_meetings_said_before,
        case
            when returns.group_meetings_state = 'exempt' then lag(returns.group_meetings) over branch_history
        end as group_meetings_said_before,
        usual(returns.branch_meetings, returns.branch_code, returns.period_end) as branch_meetings_usual,
        usual(returns.committee_meetings, returns.branch_code, returns.period_end) as committee_meetings_usual,
        usual(returns.group_meetings, returns.branch_code, returns.period_end) as group_meetings_usual,
        usual(returns.lectures, returns.branch_code, returns.period_end) as lectures_usual,
        case when quarters.meetings_in_quarter = 0 then recruits_by_quarter.recruited_in_quarter end
            as recruited_without_meeting
    from returns
    left join quarters
        on returns.branch_code = quarters.branch_code and returns.period_end = quarters.period_end
    left join recruits_by_quarter
        on returns.branch_code = recruits_by_quarter.branch_code and returns.period_end = recruits_by_quarter.period_end
    window branch_history as (partition by returns.branch_code order by returns.period_end)
)

select
    columns(name -> name not like '%_state'),
    -- Beyond what a branch usually holds: counted since January, or for several branches together.
    branch_meetings - branch_meetings_usual as branch_meetings_beyond_usual,
    committee_meetings - committee_meetings_usual as committee_meetings_beyond_usual,
    lectures - lectures_usual as lectures_beyond_usual,
    case when group_meetings >= 4 * group_meetings_usual then group_meetings - group_meetings_usual end
        as group_meetings_beyond_usual
from measured
