-- One row per branch and month that counts, nil as 0.
with

returns as (
    select
        * replace (
            quantity(filled, filled_state) as filled,
            quantity(secretary_adjusted, secretary_adjusted_state) as secretary_adjusted,
            quantity(director_adjusted, director_adjusted_state) as director_adjusted,
            quantity(other_members_adjusted, other_members_adjusted_state) as other_members_adjusted
        )
    from staging.stg_returns__leadership
    where is_latest_for_branch
)

select
    columns(name -> name not like '%_state'),
    case when secretary_vacant or director_vacant then posts - 1 end as posts_not_vacant,
    -- What was filled in and could not be read is no blank: its finding asks for it.
    case
        when secretary_vacant and secretary_origin_state <> 'unread' then coalesce(secretary_origin, 'empty')
    end as secretary_origin_of_none,
    secretary_vacant and secretary_vacant_since is null and secretary_vacant_since_state <> 'unread'
        as vacant_without_since,
    case when not secretary_vacant then secretary_vacant_since end as secretary_vacant_since_of_none,
    -- Reported as in office at the end of the month before: the vacancy cannot have begun earlier.
    case
        when secretary_vacant and not before(secretary_vacant, branch_code, period_end)
            then before(period_end, branch_code, period_end)
    end as last_in_office_on,
    case
        when secretary_vacant and before(secretary_vacant, branch_code, period_end)
            then before(secretary_vacant_since, branch_code, period_end)
    end as secretary_vacant_since_before,
    secretary_adjusted + director_adjusted + other_members_adjusted as adjusted,
    case
        when not team_adjusted then secretary_adjusted + director_adjusted + other_members_adjusted
    end as adjusted_unsaid,
    case when team_adjusted then secretary_adjusted + director_adjusted + other_members_adjusted end as adjusted_said,
    before(posts, branch_code, period_end) as posts_before,
    change(posts, branch_code, period_end) as posts_change
from returns
