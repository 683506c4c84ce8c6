{#- A figure of each mart, and the same figure of the returns it was made from: what they add up to in a period. -#}
{%- set figures = [
    ('funding_standard_gap', 'fiscal_transfer_yuan', 'operating_funding', 'fiscal_transfer_yuan'),
    ('funding_standard_gap', 'debt_balance_yuan', 'operating_funding', 'debt_balance_yuan'),
    ('member_recruitment', 'recruited', 'membership', 'recruited'),
    ('member_recruitment', 'members', 'membership', 'members'),
    ('water_gap', 'hamlets_short', 'drinking_water', 'hamlets_short'),
    ('water_gap', 'investment_planned_yuan', 'drinking_water', 'investment_planned_yuan'),
    ('road_gap', 'hamlets_unconnected', 'village_roads', 'hamlets_unconnected'),
    ('road_gap', 'investment_needed_yuan', 'village_roads', 'investment_needed_yuan'),
    ('venue_gap', 'funding_gap_yuan', 'venue', 'funding_gap_yuan'),
    ('venue_gap', 'construction_debt_yuan', 'venue', 'construction_debt_yuan'),
    ('leadership_vacancy', 'posts', 'leadership', 'posts'),
    ('leadership_vacancy', 'filled', 'leadership', 'filled'),
    ('organisation_life_compliance', 'committee_meetings', 'organisation_life', 'committee_meetings'),
    ('organisation_life_compliance', 'resolutions', 'organisation_life', 'resolutions'),
] -%}
with

{% for mart, figure, form, column in figures %}
mart_{{ loop.index }} as (
    select
        period,
        sum({{ figure }}) as total,
        sum(case when has_return then 1 else 0 end) as returns_found
    from {{ ref(mart) }}
    group by period
),

returns_{{ loop.index }} as (
    select
        returns.period,
        sum(returns.{{ column }}) as total,
        count(*) as returns_found
    from {{ ref('stg_returns__' ~ form) }} as returns
    inner join {{ ref('int_expected_returns') }} as expected
        on
            expected.form = '{{ form }}'
            and returns.branch_code = expected.branch_code
            and returns.period = expected.period
    where returns.is_latest_for_branch
    group by returns.period
),

{% endfor %}
compared as (
    {% for mart, figure, form, column in figures %}
    select
        '{{ mart }}.{{ figure }}' as figure,
        mart_{{ loop.index }}.period,
        mart_{{ loop.index }}.total as total_of_mart,
        returns_{{ loop.index }}.total as total_of_returns,
        mart_{{ loop.index }}.returns_found as returns_in_mart,
        returns_{{ loop.index }}.returns_found as returns_found
    from mart_{{ loop.index }}
    full outer join returns_{{ loop.index }}
        on mart_{{ loop.index }}.period = returns_{{ loop.index }}.period
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select *
from compared
where
    coalesce(total_of_mart, 0) <> coalesce(total_of_returns, 0)
    or coalesce(returns_in_mart, 0) <> coalesce(returns_found, 0)
