with

expected as (
    select * from {{ ref('int_expected_returns') }}
    where form = 'membership'
),

returns as (
    select * from {{ ref('stg_returns__membership') }}
    where is_latest_for_branch
),

floors as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'recruits'
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

measured as (
    select
        {{ branch_columns('expected') }},
        extract(year from expected.period_end) as year,
        extract(quarter from expected.period_end) as quarter,
        expected.period,
        expected.period_end,
        weak_branches.branch_code is not null as is_weak,
        returns.branch_code is not null as has_return,
        {{ reported_state('recruited') }},
        {{ quantity('recruited') }} as recruited,
        cast(floors.amount as bigint) as recruits_floor,
        floors.scope_code as floor_scope_code,
        floors.source_document as floor_source,
        {{ reported_state('members') }},
        {{ quantity('members') }} as members,
        {{ reported_state('members_over_60') }},
        {{ quantity('members_over_60') }} as members_over_60,
        {{ reported_state('members_under_35') }},
        {{ quantity('members_under_35') }} as members_under_35,
        {{ reported_state('members_female') }},
        {{ quantity('members_female') }} as members_female,
        {{ reported_state('applicants') }},
        {{ quantity('applicants') }} as applicants,
        {{ reported_state('activists') }},
        {{ quantity('activists') }} as activists,
        {{ reported_state('reserve_cadres') }},
        {{ quantity('reserve_cadres') }} as reserve_cadres,
        {{ provenance_columns() }}
    from expected
    left join returns
        on expected.branch_code = returns.branch_code and expected.period = returns.period
    left join floors
        on {{ in_force('floors', 'expected') }}
    left join weak_branches
        on expected.branch_code = weak_branches.branch_code and expected.period_end = weak_branches.period_end
),

founded as (
    select
        branch_code,
        min(coalesce(valid_from, cast('1900-01-01' as date))) as founded_on
    from {{ ref('stg_register__branches') }}
    group by branch_code
),

years as (
    select
        measured.branch_code,
        measured.year,
        measured.recruited,
        coalesce(
            extract(year from {{ days_later('founded.founded_on', '-1') }}) < measured.year, true
        ) as is_whole_year,
        row_number() over (partition by measured.branch_code order by measured.year) as year_number
    from measured
    left join founded
        on measured.branch_code = founded.branch_code
    where measured.quarter = 4
),

-- Years in a row that ended without a recruit; a year whose figure is unknown breaks the row, and one in which the
-- branch did not exist from its first day on is none.
streaks as (
    select
        branch_code,
        year,
        case
            when recruited is not null
                then year_number - coalesce(
                    max(case when recruited = 0 and is_whole_year then null else year_number end) over (
                        partition by branch_code order by year
                        rows between unbounded preceding and current row
                    ),
                    0
                )
        end as years_without_recruit
    from years
)

select
    {{ branch_columns('measured') }},
    cast(measured.year as integer) as year,
    cast(measured.quarter as integer) as quarter,
    measured.period,
    measured.period_end,
    measured.quarter = 4 as is_full_year,
    measured.is_weak,
    measured.has_return,
    case
        when measured.recruited_state = 'exempt' then 'exempt'
        when measured.recruited is null then 'no_data'
        when measured.recruits_floor is null then 'no_standard'
        when measured.recruited >= measured.recruits_floor then 'met'
        when measured.quarter < 4 then 'open'
        else 'below'
    end as status,
    measured.recruited_state,
    measured.recruited,
    measured.recruits_floor,
    measured.floor_scope_code,
    measured.floor_source,
    case
        when measured.recruited is null then null
        when measured.recruited > 0 then 0
        when measured.quarter = 4 then this_year.years_without_recruit
        else year_before.years_without_recruit
    end as years_without_recruit,
    measured.members_state,
    measured.members,
    measured.members_over_60_state,
    measured.members_over_60,
    case
        when measured.members > 0
            then cast(cast(measured.members_over_60 as double) / measured.members as decimal(18, 6))
    end as share_over_60,
    measured.members_under_35_state,
    measured.members_under_35,
    measured.members_female_state,
    measured.members_female,
    measured.applicants_state,
    measured.applicants,
    measured.activists_state,
    measured.activists,
    measured.reserve_cadres_state,
    measured.reserve_cadres,
    case
        when measured.recruited > 0 then 'recruiting'
        when measured.activists > 0 then 'activists_waiting'
        when measured.applicants > 0 and measured.activists = 0 then 'applicants_only'
        when measured.applicants = 0 and measured.activists = 0 then 'empty'
    end as pipeline,
    measured.file_sha256,
    measured.sheet_name,
    measured.table_number,
    measured.row_number,
    measured.received_at
from measured
left join streaks as this_year
    on measured.branch_code = this_year.branch_code and measured.year = this_year.year
left join streaks as year_before
    on measured.branch_code = year_before.branch_code and measured.year = year_before.year + 1
