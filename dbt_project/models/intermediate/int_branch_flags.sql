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
),

organisation_life as (
    {{ latest_reported('organisation_life_compliance') }}
),

contact_visits as (
    {{ latest_reported('contact_visit_compliance') }}
),

assessments as (
    select *
    from (
        select
            returns.*,
            row_number() over (partition by returns.branch_code order by returns.period_end desc) as recency
        from {{ ref('stg_returns__assessment') }} as returns
        where returns.is_latest_for_branch
    ) as ranked
    where recency = 1
),

rectification as (
    select
        branch_code,
        count(*) as listings,
        max(case when is_relapsed then 1 when not is_relapsed then 0 end) = 1 as is_relapsed,
        max(case when is_open and is_late then 1 else 0 end) = 1 as is_rectification_late
    from {{ ref('rectification_case') }}
    group by branch_code
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
    end as is_leadership_gap,
    organisation_life.period as organisation_life_period,
    organisation_life.status as organisation_life_status,
    organisation_life.broken_rules_zh,
    organisation_life.kept_share_this_year as rules_kept_share,
    organisation_life.months_below_this_year as organisation_life_months_below,
    organisation_life.full_process_share_this_year as full_process_share,
    case
        when organisation_life.status = 'below' then true
        when organisation_life.status in ('kept', 'open') then false
    end as is_organisation_life_gap,
    contact_visits.period as contact_visit_period,
    contact_visits.status as contact_visit_status,
    contact_visits.months_below_since_listing as contact_visit_months_below,
    contact_visits.problems_solved_share,
    case
        when contact_visits.status = 'below' then true
        when contact_visits.status = 'kept' then false
    end as is_contact_visit_below,
    assessments.period as assessment_year,
    assessments.village_class,
    assessments.score as assessment_score,
    cast(assessments.stars as integer) as stars,
    cast(coalesce(rectification.listings, 0) as integer) as listings,
    rectification.is_relapsed,
    rectification.is_rectification_late
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
left join organisation_life
    on branches.branch_code = organisation_life.branch_code
-- Visits of a listing that is closed say nothing of the branch now.
left join contact_visits
    on branches.branch_code = contact_visits.branch_code and weak_branches.listed_on = contact_visits.listed_on
left join assessments
    on branches.branch_code = assessments.branch_code
left join rectification
    on branches.branch_code = rectification.branch_code
