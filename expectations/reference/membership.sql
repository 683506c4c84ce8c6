-- One row per branch and quarter that counts, nil as 0.
with

returns as (
    select
        * replace (
            quantity(members, members_state) as members,
            quantity(members_over_60, members_over_60_state) as members_over_60,
            quantity(members_under_35, members_under_35_state) as members_under_35,
            quantity(members_female, members_female_state) as members_female,
            quantity(applicants, applicants_state) as applicants,
            quantity(activists, activists_state) as activists,
            quantity(recruited, recruited_state) as recruited
        ),
        county_of(reporting_unit_code) || ' ' || period as peers
    from staging.stg_returns__membership
    where is_latest_for_branch
)

select
    columns(name -> name not like '%_state'),
    -- An age group that is too large by itself has a rule of its own.
    case
        when members_over_60 <= members and members_under_35 <= members then members_over_60 + members_under_35
    end as members_old_or_young,
    before_in_year(recruited, branch_code, period_end) as recruited_before,
    before(members, branch_code, period_end) as members_before,
    usual(members, branch_code, period_end) as members_usual,
    jump(members, branch_code, period_end, 10) as members_jump,
    usual_of_peers(recruited, peers) as recruited_peers,
    distance_from_peers(recruited, peers, 1) as recruited_distance
from returns
