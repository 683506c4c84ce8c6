{#- What each rule looks at: a number, or a flag that counts 1 when it is set. -#}
{%- set signals = {
    'listed_as_weak': 'case when is_weak then 1 end',
    'funding_below': 'case when is_funding_below then 1 end',
    'years_without_recruit': "case when recruitment_status <> 'no_standard' then years_without_recruit end",
    'members_over_60': 'share_over_60',
    'water_gap': 'case when is_water_gap then 1 end',
    'pipeline_over_age': 'case when is_pipeline_over_age then 1 end',
    'road_poor': 'case when is_road_poor then 1 end',
    'hamlets_unconnected': 'hamlets_unconnected',
    'venue_none': "case when venue_status = 'none' then 1 end",
    'venue_unfit': "case when venue_status = 'unfit' then 1 end",
    'venue_late': 'case when is_venue_late then 1 end',
    'venue_beyond_means': 'case when is_venue_beyond_means then 1 end',
    'secretary_vacant': 'case when is_secretary_vacant then 1 end',
    'secretary_vacant_long': 'months_vacant',
    'posts_unfilled': 'posts_unfilled',
    'headed_by_dispatched': 'case when is_headed_by_dispatched then 1 end',
    'organisation_life_below': 'organisation_life_months_below',
    'full_process_skipped': '1 - full_process_share',
    'contact_visits_below': 'contact_visit_months_below',
    'stars_below_five': '5 - stars',
    'relapsed': 'case when is_relapsed then 1 end',
    'listed_again': 'listings',
    'rectification_late': 'case when is_rectification_late then 1 end',
} -%}
with

flags as (
    select * from {{ ref('int_branch_flags') }}
),

rules as (
    select * from {{ ref('early_warning_rules') }}
),

signals as (
    {% for rule, value in signals.items() %}
    select
        branch_code,
        '{{ rule }}' as rule,
        cast({{ value }} as double) as signal
    from flags
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    signals.branch_code,
    rules.rule,
    rules.weight,
    rules.reason_zh,
    rules.reason_en
from signals
inner join rules
    on
        signals.rule = rules.rule
        and signals.signal >= rules.threshold
