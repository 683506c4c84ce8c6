{#- What is held or made public some times a month, a quarter or a year; each has a standard of its name. -#}
{%- set rules = [
    'branch_meetings', 'committee_meetings', 'group_meetings', 'lectures', 'theme_days', 'affairs_disclosures',
    'finance_disclosures',
] -%}
with

expected as (
    select * from {{ ref('int_expected_returns') }}
    where form = 'organisation_life'
),

returns as (
    select * from {{ ref('stg_returns__organisation_life') }}
    where is_latest_for_branch
),

duties as (
    select * from {{ ref('field_duties') }}
    where form = 'organisation_life'
),

standards as (
    select
        *,
        {{ months_of_span('unit') }} as span_months
    from {{ ref('int_standards_in_force') }}
),

rule_names as (
    select
        code as rule,
        label_zh as rule_zh
    from {{ ref('codes') }}
    where column_name = 'organisation_life_rule'
),

times as (
    {% for rule in rules %}
    select
        expected.branch_code,
        expected.branch_kind,
        expected.township_code,
        '{{ rule }}' as rule,
        expected.period,
        expected.period_end,
        cast(extract(year from expected.period_end) as integer) as year,
        cast(extract(quarter from expected.period_end) as integer) as quarter,
        cast(extract(month from expected.period_end) as integer) as month,
        {{ state_where_due(rule, 'duties.is_due') }} as state,
        {{ quantity(rule) }} as held
    from expected
    left join returns
        on expected.branch_code = returns.branch_code and expected.period = returns.period
    left join duties
        on expected.branch_kind = duties.branch_kind and duties.field = '{{ rule }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        times.*,
        sum(times.held) over this_quarter as held_this_quarter,
        count(times.held) over this_quarter as months_known_this_quarter,
        sum(times.held) over this_year as held_this_year,
        count(times.held) over this_year as months_known_this_year
    from times
    window
        this_quarter as (
            partition by times.branch_code, times.rule, times.year, times.quarter order by times.period_end
            rows between unbounded preceding and current row
        ),
        this_year as (
            partition by times.branch_code, times.rule, times.year order by times.period_end
            rows between unbounded preceding and current row
        )
),

spanned as (
    select
        counted.*,
        rule_names.rule_zh,
        standards.amount as floor_times,
        standards.span_months,
        standards.scope_code as floor_scope_code,
        standards.source_document as floor_source,
        case standards.span_months
            when 1 then counted.held
            when 3 then counted.held_this_quarter
            when 12 then counted.held_this_year
        end as held_in_span,
        case standards.span_months
            when 1 then case when counted.held is null then 0 else 1 end
            when 3 then counted.months_known_this_quarter
            when 12 then counted.months_known_this_year
        end as months_known_in_span,
        counted.month % standards.span_months = 0 as is_span_over
    from counted
    inner join rule_names
        on counted.rule = rule_names.rule
    left join standards
        on counted.rule = standards.standard and {{ in_force('standards', 'counted') }}
)

-- What was held already counts whatever the other months are; only where every month is known was too little held.
select
    branch_code,
    rule,
    rule_zh,
    period,
    state,
    cast(held as bigint) as held,
    cast(held_in_span as bigint) as held_in_span,
    cast(floor_times as bigint) as floor_times,
    cast(span_months as integer) as span_months,
    floor_scope_code,
    floor_source,
    case
        when state = 'exempt' then 'exempt'
        when floor_times is null then 'no_standard'
        when held_in_span >= floor_times then 'kept'
        when held is null then 'no_data'
        when not is_span_over then 'open'
        when months_known_in_span < span_months then 'no_data'
        else 'below'
    end as status,
    coalesce(is_span_over, false) as is_span_over,
    period_end
from spanned
