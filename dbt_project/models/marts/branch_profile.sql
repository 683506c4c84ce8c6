with

flags as (
    select * from {{ ref('int_branch_flags') }}
),

warnings as (
    select
        branch_code,
        sum(weight) as score,
        {{ joined_texts("reason_zh || '（' || weight || '分）'", '；', 'weight desc, rule') }} as reasons_zh,
        {{ joined_texts("reason_en || ' (' || weight || ')'", '; ', 'weight desc, rule') }} as reasons_en
    from {{ ref('int_early_warnings') }}
    group by branch_code
),

levels as (
    select
        level,
        label_zh,
        minimum_score,
        lead(minimum_score) over (order by minimum_score) as next_score
    from {{ ref('early_warning_levels') }}
),

-- Which forms a kind of branch should report.
reporters as (
    select
        branch_kind,
        count(case when form = 'operating_funding' then 1 end) > 0 as reports_funding,
        count(case when form = 'membership' then 1 end) > 0 as reports_membership,
        count(case when form = 'drinking_water' then 1 end) > 0 as reports_water,
        count(case when form = 'village_roads' then 1 end) > 0 as reports_roads,
        count(case when form = 'venue' then 1 end) > 0 as reports_venue,
        count(case when form = 'leadership' then 1 end) > 0 as reports_leadership,
        count(case when form = 'organisation_life' then 1 end) > 0 as reports_organisation_life
    from {{ ref('int_expected_reporters') }}
    group by branch_kind
),

counted as (
    select
        flags.*,
        {{ flags_set([
            'flags.is_funding_below', 'flags.is_recruitment_below', 'flags.is_water_gap',
            'flags.is_road_gap', 'flags.is_venue_gap', 'flags.is_leadership_gap',
            'flags.is_organisation_life_gap',
        ]) }} as gaps,
        {{ flags_unknown({
            'flags.is_funding_below': 'reporters.reports_funding',
            'flags.is_recruitment_below':
                "reporters.reports_membership and coalesce(flags.recruitment_status, '') <> 'no_standard'",
            'flags.is_water_gap': 'reporters.reports_water',
            'flags.is_road_gap': 'reporters.reports_roads',
            'flags.is_venue_gap': 'reporters.reports_venue',
            'flags.is_leadership_gap': 'reporters.reports_leadership',
            'flags.is_organisation_life_gap':
                "reporters.reports_organisation_life and coalesce(flags.organisation_life_status, '') not in "
                ~ "('exempt', 'no_standard')",
        }) }} as gaps_unknown,
        coalesce(warnings.score, 0) as warning_score,
        warnings.reasons_zh as warning_reasons_zh,
        warnings.reasons_en as warning_reasons_en
    from flags
    left join warnings
        on flags.branch_code = warnings.branch_code
    left join reporters
        on flags.branch_kind = reporters.branch_kind
)

select
    {{ branch_columns('counted') }},
    counted.households,
    counted.population,
    counted.as_of_day,
    counted.is_weak,
    counted.listed_on,
    counted.weak_types,
    cast(counted.gaps as integer) as gaps,
    cast(counted.gaps_unknown as integer) as gaps_unknown,
    levels.level as warning_level,
    levels.label_zh as warning_level_zh,
    cast(counted.warning_score as integer) as warning_score,
    counted.warning_reasons_zh,
    counted.warning_reasons_en,
    counted.funding_period,
    counted.funding_status,
    counted.is_funding_below,
    counted.fiscal_transfer_wan,
    counted.funding_gap_wan,
    counted.funding_band,
    counted.debt_balance_wan,
    counted.recruitment_period,
    counted.recruitment_status,
    counted.is_recruitment_below,
    counted.members,
    counted.share_over_60,
    counted.recruited,
    counted.years_without_recruit,
    counted.water_period,
    counted.water_status,
    counted.is_water_gap,
    counted.hamlets_in_gap,
    counted.is_pipeline_over_age,
    counted.road_period,
    counted.road_status,
    counted.is_road_gap,
    counted.is_road_poor,
    counted.worst_road_condition,
    counted.hamlets_unconnected,
    counted.venue_period,
    counted.venue_status,
    counted.is_venue_gap,
    counted.venue_unfit_reason,
    counted.venue_funding_gap_wan,
    counted.is_venue_late,
    counted.is_venue_beyond_means,
    counted.leadership_period,
    counted.leadership_status,
    counted.is_leadership_gap,
    counted.posts_unfilled,
    counted.is_secretary_vacant,
    counted.months_vacant,
    counted.is_headed_by_dispatched,
    counted.organisation_life_period,
    counted.organisation_life_status,
    counted.is_organisation_life_gap,
    counted.broken_rules_zh,
    counted.rules_kept_share,
    counted.organisation_life_months_below,
    counted.full_process_share,
    counted.contact_visit_period,
    counted.contact_visit_status,
    counted.is_contact_visit_below,
    counted.contact_visit_months_below,
    counted.problems_solved_share,
    counted.assessment_year,
    counted.village_class,
    counted.assessment_score,
    counted.stars,
    counted.listings,
    counted.is_relapsed,
    counted.is_rectification_late
from counted
left join levels
    on
        counted.warning_score >= levels.minimum_score
        and (levels.next_score is null or counted.warning_score < levels.next_score)
