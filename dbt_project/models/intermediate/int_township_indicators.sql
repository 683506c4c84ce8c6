{#-
    For each indicator: its mart, numerator and denominator of one branch, and which branches it is about.
    A numerator or denominator that is null is unknown. Shares have a numerator of 0 or 1 and a denominator of 1.
-#}
{%- set everyone = "status <> 'exempt'" -%}
{%- set indicators = [
    ('funding_standard_met_share', 'funding_standard_gap',
        "case when status = 'met' then 1 when status in ('on_track', 'below') then 0 end", '1',
        "status not in ('exempt', 'no_standard')"),
    ('fiscal_transfer_per_village', 'funding_standard_gap', 'fiscal_transfer_wan', '1', everyone),
    ('fiscal_transfer_gap', 'funding_standard_gap', 'gap_wan', '1', "status not in ('exempt', 'no_standard')"),
    ('village_debt', 'funding_standard_gap', 'debt_balance_wan', '1', "debt_balance_state <> 'exempt'"),
    ('members', 'member_recruitment', 'members', '1', "members_state <> 'exempt'"),
    ('members_over_60_share', 'member_recruitment', 'members_over_60', 'members',
        "members_over_60_state <> 'exempt' and members_state <> 'exempt'"),
    ('members_recruited', 'member_recruitment', 'recruited', '1', everyone),
    ('recruitment_floor_met_share', 'member_recruitment',
        "case when status = 'met' then 1 when status in ('open', 'below') then 0 end", '1',
        "status <> 'exempt' and recruits_floor is not null"),
    ('water_gap_village_share', 'water_gap',
        "case when status = 'gap' then 1 when status = 'no_gap' then 0 end", '1', everyone),
    ('hamlets_in_water_gap', 'water_gap', 'hamlets_in_gap', '1', everyone),
    ('pipeline_over_age_share', 'water_gap',
        as_number('is_pipeline_over_age'), '1',
        "pipeline_year_state <> 'exempt'"),
    ('poor_road_village_share', 'road_gap', as_number('is_poor'), '1', everyone),
    ('unpaved_road_share', 'road_gap', 'unpaved_km', 'road_km',
        "unpaved_km_state <> 'exempt' and road_km_state <> 'exempt'"),
    ('hamlets_unconnected', 'road_gap', 'hamlets_unconnected', '1', "hamlets_unconnected_state <> 'exempt'"),
    ('venue_none_share', 'venue_gap',
        "case when status = 'none' then 1 when has_venue then 0 end", '1', everyone),
    ('venue_unfit_share', 'venue_gap',
        "case when status = 'unfit' then 1 when status in ('none', 'fit') then 0 end", '1', everyone),
    ('venue_funding_gap', 'venue_gap', 'funding_gap_wan', '1', "funding_gap_state <> 'exempt'"),
    ('secretary_vacant_share', 'leadership_vacancy',
        as_number('is_secretary_vacant'), '1',
        "secretary_vacant_state <> 'exempt'"),
    ('posts_unfilled_share', 'leadership_vacancy', 'posts_unfilled', 'posts', everyone),
    ('headed_by_dispatched_share', 'leadership_vacancy',
        as_number('is_headed_by_dispatched'), '1',
        "secretary_origin_state <> 'exempt'"),
    ('weak_branch_share', 'leadership_vacancy', 'case when is_weak then 1 else 0 end', '1', 'true'),
    ('organisation_life_kept_share', 'organisation_life_compliance',
        "case when status = 'below' then 0 when status in ('kept', 'open') then 1 end", '1',
        "status not in ('exempt', 'no_standard')"),
    ('full_process_share', 'organisation_life_compliance', 'resolutions_full_process', 'resolutions',
        "resolutions_state <> 'exempt' and resolutions_full_process_state <> 'exempt'"),
    ('contact_visits_kept_share', 'contact_visit_compliance',
        "case when status = 'kept' then 1 when status = 'below' then 0 end", '1',
        "status not in ('exempt', 'no_standard')"),
    ('first_secretary_days_mean', 'contact_visit_compliance', 'first_secretary_days', '1',
        "first_secretary_days_state <> 'exempt'"),
    ('problems_solved_share', 'contact_visit_compliance', 'problems_solved_since_listing',
        'problems_raised_since_listing', everyone),
] -%}
with

branch_values as (
    {% for indicator, mart, numerator, denominator, about in indicators %}
    select
        '{{ indicator }}' as indicator,
        township_code,
        county_code,
        city_code,
        province_code,
        period,
        period_end,
        cast({{ numerator }} as decimal(18, 6)) as numerator,
        cast({{ denominator }} as decimal(18, 6)) as denominator
    from {{ ref(mart) }}
    where {{ about }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    indicator,
    township_code,
    county_code,
    city_code,
    province_code,
    period,
    cast(sum(case when denominator is not null then numerator end) as decimal(24, 6)) as numerator,
    cast(sum(case when numerator is not null then denominator end) as decimal(24, 6)) as denominator,
    sum(case when numerator is not null and denominator is not null then 1 else 0 end) as branches_reported,
    count(*) as branches_expected,
    period_end
from branch_values
group by indicator, township_code, county_code, city_code, province_code, period, period_end
