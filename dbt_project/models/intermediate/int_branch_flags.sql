with

branches as (
    select * from {{ ref('int_branches_now') }}
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

funding as (
    {{ latest_reported('funding_standard_gap') }}
),

recruitment as (
    {{ latest_reported('member_recruitment') }}
),

water as (
    {{ latest_reported('water_gap') }}
),

roads as (
    {{ latest_reported('road_gap') }}
),

venues as (
    {{ latest_reported('venue_gap') }}
),

leadership as (
    {{ latest_reported('leadership_vacancy') }}
)

select
    {{ branch_columns('branches') }},
    branches.households,
    branches.population,
    branches.as_of_day,
    weak_branches.branch_code is not null as is_weak,
    weak_branches.listed_on,
    weak_branches.weak_types,
    funding.period as funding_period,
    funding.status as funding_status,
    funding.fiscal_transfer_wan,
    funding.gap_wan as funding_gap_wan,
    funding.band as funding_band,
    funding.debt_balance_wan,
    case
        when funding.status = 'below' then true
        when funding.status in ('met', 'on_track') then false
    end as is_funding_below,
    recruitment.period as recruitment_period,
    recruitment.status as recruitment_status,
    recruitment.members,
    recruitment.share_over_60,
    recruitment.recruited,
    recruitment.years_without_recruit,
    case
        when recruitment.status = 'met' then false
        when recruitment.status = 'below' then true
        when recruitment.status = 'open' then recruitment.years_without_recruit > 0
    end as is_recruitment_below,
    water.period as water_period,
    water.status as water_status,
    water.hamlets_in_gap,
    case
        when water.status = 'gap' then true
        when water.status = 'no_gap' then false
    end as is_water_gap,
    water.is_pipeline_over_age,
    roads.period as road_period,
    roads.status as road_status,
    roads.worst_condition as worst_road_condition,
    roads.is_poor as is_road_poor,
    roads.hamlets_unconnected,
    case
        when roads.status = 'gap' then true
        when roads.status = 'no_gap' then false
    end as is_road_gap,
    venues.period as venue_period,
    venues.status as venue_status,
    venues.unfit_reason as venue_unfit_reason,
    venues.funding_gap_wan as venue_funding_gap_wan,
    venues.is_in_need as is_venue_gap,
    venues.is_late as is_venue_late,
    venues.is_beyond_means as is_venue_beyond_means,
    leadership.period as leadership_period,
    leadership.status as leadership_status,
    leadership.posts_unfilled,
    leadership.is_secretary_vacant,
    leadership.months_vacant,
    leadership.is_headed_by_dispatched,
    case
        when leadership.status in ('secretary_vacant', 'short') then true
        when leadership.status = 'complete' then false
    end as is_leadership_gap
from branches
left join weak_branches
    on branches.branch_code = weak_branches.branch_code and branches.as_of_day = weak_branches.period_end
left join funding
    on branches.branch_code = funding.branch_code
left join recruitment
    on branches.branch_code = recruitment.branch_code
left join water
    on branches.branch_code = water.branch_code
left join roads
    on branches.branch_code = roads.branch_code
left join venues
    on branches.branch_code = venues.branch_code
left join leadership
    on branches.branch_code = leadership.branch_code
