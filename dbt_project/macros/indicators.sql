{# What the parts of an indicator come to: a sum as it is, everything else from its parts; unknown where nobody reported. #}
{% macro indicator_value(parts, indicators) -%}
    case
        when {{ parts }}.branches_reported = 0 then null
        when {{ indicators }}.measure = 'sum' then cast({{ parts }}.numerator as double)
        when {{ parts }}.denominator = 0 then null
        else
            cast({{ parts }}.numerator as double) / cast({{ parts }}.denominator as double)
            * case when {{ indicators }}.unit = '%' then 100 else 1 end
    end
{%- endmacro %}

{# What each branch adds to each indicator: one row per indicator, branch and period. #}
{% macro branch_values() -%}
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
        'problems_raised_since_listing', 'true'),
    ('village_road_built', 'support_outcome', 'road_built_km', '1', "road_built_km_state <> 'exempt'"),
    ('economic_projects', 'support_outcome', 'projects', '1', "projects_state <> 'exempt'"),
    ('households_driven', 'support_outcome', 'households_driven', '1', "households_driven_state <> 'exempt'"),
    ('services_delivered', 'support_outcome', 'services_delivered', '1', "services_delivered_state <> 'exempt'"),
    ('returns_received_share', 'reporting_rate',
        "case when status in ('complete', 'partial', 'nil') then 1 else 0 end", '1', 'is_expected and is_due'),
    ('returns_complete_share', 'reporting_rate',
        "case when status in ('complete', 'nil') then 1 else 0 end", '1', 'is_expected and is_due'),
    ('returns_on_time_share', 'reporting_rate', as_number('is_on_time'), '1', 'is_expected and is_due'),
    ('returns_saved_in_time_share', 'reporting_rate',
        "case when days_late_as_saved = 0 then 1 when days_late_as_saved > 0 or not is_received then 0 end", '1',
        'is_expected and is_due'),
] -%}
{#-
    What a branch that did not say could have said, for indicators that are no share: the least and the most of its
    numerator. Limits are those of the form's spec, or tighter where another column is known. In a ratio the numerator
    is a part of the denominator: the most of the denominator says it all. Where nothing stands the numbers add up over
    months without an end. A figure that lies outside contradicts what the indicator means.
-#}
{%- set bounds = {
    'fiscal_transfer_per_village': {
        'low': limit_of('operating_funding', 'fiscal_transfer', 'lowest') ~ ' * 0.0001',
        'high': limit_of('operating_funding', 'fiscal_transfer', 'highest') ~ ' * 0.0001'},
    'fiscal_transfer_gap': {'low': '0', 'high': 'standard_wan'},
    'village_debt': {
        'low': limit_of('operating_funding', 'debt_balance', 'lowest') ~ ' * 0.0001',
        'high': limit_of('operating_funding', 'debt_balance', 'highest') ~ ' * 0.0001'},
    'members': {
        'low': limit_of('membership', 'members', 'lowest'), 'high': limit_of('membership', 'members', 'highest')},
    'members_over_60_share': {'denominator_high': limit_of('membership', 'members', 'highest')},
    'members_recruited': {
        'low': limit_of('membership', 'recruited', 'lowest'), 'high': limit_of('membership', 'recruited', 'highest')},
    'hamlets_in_water_gap': {
        'low': '0', 'high': 'coalesce(hamlets, ' ~ limit_of('drinking_water', 'hamlets', 'highest') ~ ')'},
    'unpaved_road_share': {'denominator_high': limit_of('village_roads', 'road_km', 'highest')},
    'hamlets_unconnected': {
        'low': limit_of('village_roads', 'hamlets_unconnected', 'lowest'),
        'high': limit_of('village_roads', 'hamlets_unconnected', 'highest')},
    'venue_funding_gap': {
        'low': limit_of('venue', 'funding_gap', 'lowest') ~ ' * 0.0001',
        'high': limit_of('venue', 'funding_gap', 'highest') ~ ' * 0.0001'},
    'full_process_share': {'denominator_high': limit_of('organisation_life', 'resolutions', 'highest')},
    'first_secretary_days_mean': {
        'low': limit_of('contact_visits', 'first_secretary_days', 'lowest'), 'high': 'days_in_month'},
    'village_road_built': {
        'low': limit_of('support_outcomes', 'road_built_km', 'lowest'),
        'high': limit_of('support_outcomes', 'road_built_km', 'highest')},
    'economic_projects': {
        'low': limit_of('support_outcomes', 'projects', 'lowest'),
        'high': limit_of('support_outcomes', 'projects', 'highest')},
    'households_driven': {
        'low': limit_of('support_outcomes', 'households_driven', 'lowest'),
        'high': limit_of('support_outcomes', 'households_driven', 'highest')},
    'services_delivered': {
        'low': limit_of('services', 'services_delivered', 'lowest'),
        'high': limit_of('services', 'services_delivered', 'highest')},
    'problems_solved_share': {},
    'posts_unfilled_share': {'denominator_high': limit_of('leadership', 'posts', 'highest')},
} -%}
{#- Returns of every frequency are due in one month. -#}
{%- set periods = {'reporting_rate': 'month'} -%}
{#- Returns are a township's, not a branch's. -#}
{%- set whose = {'reporting_rate': 'cast(null as varchar)'} %}
    {% for indicator, mart, numerator, denominator, about in indicators %}
    select
        '{{ indicator }}' as indicator,
        {{ whose.get(mart, 'branch_code') }} as branch_code,
        township_code,
        county_code,
        city_code,
        province_code,
        {{ periods.get(mart, 'period') }} as period,
        period_end,
        cast({{ numerator }} as decimal(18, 6)) as numerator,
        cast({{ denominator }} as decimal(18, 6)) as denominator,
        cast({{ bounds.get(indicator, {}).get('low', 'null') }} as decimal(18, 6)) as lowest,
        cast({{ bounds.get(indicator, {}).get('high', 'null') }} as decimal(18, 6)) as highest,
        cast({{ bounds.get(indicator, {}).get('denominator_high', 'null') }} as decimal(18, 6)) as denominator_highest
    from {{ ref(mart) }}
    where {{ about }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
