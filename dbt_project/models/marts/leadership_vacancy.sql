with

expected as (
    select * from {{ ref('int_expected_returns') }}
    where form = 'leadership'
),

returns as (
    select * from {{ ref('stg_returns__leadership') }}
    where is_latest_for_branch
),

duties as (
    select * from {{ ref('field_duties') }}
    where form = 'leadership' and field = 'director_vacant'
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

measured as (
    select
        {{ branch_columns('expected') }},
        extract(year from expected.period_end) as year,
        extract(month from expected.period_end) as month,
        expected.period,
        expected.period_end,
        weak_branches.branch_code is not null as is_weak,
        returns.branch_code is not null as has_return,
        {{ reported_state('posts') }},
        {{ quantity('posts') }} as posts,
        {{ reported_state('filled') }},
        {{ quantity('filled') }} as filled,
        {{ reported_state('secretary_vacant') }},
        returns.secretary_vacant as is_secretary_vacant,
        case
            when returns.secretary_vacant and returns.secretary_vacant_since <= expected.period_end
                then returns.secretary_vacant_since
        end as vacant_since,
        {{ reported_state('secretary_origin') }},
        returns.secretary_origin,
        {{ state_where_due('director_vacant', 'duties.is_due') }} as director_vacant_state,
        returns.director_vacant as is_director_vacant,
        {{ reported_state('team_adjusted') }},
        returns.team_adjusted,
        {{ quantity('secretary_adjusted') }} as secretary_adjusted,
        {{ quantity('director_adjusted') }} as director_adjusted,
        {{ quantity('other_members_adjusted') }} as other_members_adjusted,
        {{ provenance_columns() }}
    from expected
    left join returns
        on expected.branch_code = returns.branch_code and expected.period = returns.period
    left join duties
        on expected.branch_kind = duties.branch_kind
    left join weak_branches
        on expected.branch_code = weak_branches.branch_code and expected.period_end = weak_branches.period_end
),

numbered as (
    select
        *,
        row_number() over (partition by branch_code order by period_end) as month_number
    from measured
),

-- Month ends in a row at which the secretary's post was vacant, for want of a stated beginning.
followed as (
    select
        *,
        month_number - coalesce(
            max(case when is_secretary_vacant then null else month_number end) over (
                partition by branch_code order by period_end
                rows between unbounded preceding and current row
            ),
            0
        ) as month_ends_vacant,
        sum(case when has_return then 1 else 0 end) over this_year as months_reported_this_year,
        max(case when team_adjusted then 1 when not team_adjusted then 0 end) over this_year as team_adjusted_this_year,
        sum(secretary_adjusted) over this_year as secretaries_adjusted_this_year,
        sum(director_adjusted) over this_year as directors_adjusted_this_year,
        sum(other_members_adjusted) over this_year as other_members_adjusted_this_year
    from numbered
    window
        this_year as (
            partition by branch_code, year order by period_end
            rows between unbounded preceding and current row
        )
),

judged as (
    select
        *,
        case when filled >= posts then 0 else posts - filled end as posts_unfilled,
        case
            when vacant_since is not null
                then
                    (year - extract(year from vacant_since)) * 12
                    + month - extract(month from vacant_since)
                    + case when extract(day from vacant_since) = 1 then 1 else 0 end
            when is_secretary_vacant then month_ends_vacant - 1
        end as months_vacant
    from followed
)

select
    {{ branch_columns('judged') }},
    cast(judged.year as integer) as year,
    cast(judged.month as integer) as month,
    judged.period,
    judged.period_end,
    judged.is_weak,
    judged.has_return,
    case
        when judged.posts_state = 'exempt' then 'exempt'
        when judged.is_secretary_vacant then 'secretary_vacant'
        when judged.posts_unfilled > 0 then 'short'
        when judged.posts_unfilled = 0 and not judged.is_secretary_vacant then 'complete'
        else 'no_data'
    end as status,
    judged.posts_state,
    judged.posts,
    judged.filled_state,
    judged.filled,
    judged.posts_unfilled,
    judged.secretary_vacant_state,
    judged.is_secretary_vacant,
    judged.vacant_since,
    cast(judged.months_vacant as bigint) as months_vacant,
    judged.secretary_origin_state,
    judged.secretary_origin,
    case
        when judged.secretary_origin in ('dispatched', 'first_secretary') then true
        when judged.secretary_origin is not null or judged.secretary_origin_state in ('nil', 'exempt') then false
    end as is_headed_by_dispatched,
    judged.director_vacant_state,
    judged.is_director_vacant,
    judged.team_adjusted_state,
    judged.team_adjusted as is_team_adjusted_this_month,
    judged.team_adjusted_this_year = 1 as is_team_adjusted_this_year,
    cast(judged.secretaries_adjusted_this_year as bigint) as secretaries_adjusted_this_year,
    cast(judged.directors_adjusted_this_year as bigint) as directors_adjusted_this_year,
    cast(judged.other_members_adjusted_this_year as bigint) as other_members_adjusted_this_year,
    cast(judged.months_reported_this_year as bigint) as months_reported_this_year,
    judged.file_sha256,
    judged.sheet_name,
    judged.table_number,
    judged.row_number,
    judged.received_at
from judged
