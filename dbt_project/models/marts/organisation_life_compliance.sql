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

rules as (
    select * from {{ ref('int_organisation_life_rules') }}
),

full_process_floors as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'full_process_share'
),

duties as (
    select * from {{ ref('field_duties') }}
    where form = 'organisation_life'
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

kept as (
    select
        branch_code,
        period,
        {% for rule in rules %}
        {% for column in ['state', 'held', 'held_in_span', 'floor_times', 'span_months', 'status'] %}
        max(case when rule = '{{ rule }}' then {{ column }} end) as {{ rule }}_{{ column }},
        {% endfor %}
        {% endfor %}
        sum(case when status = 'kept' then 1 else 0 end) as rules_kept,
        sum(case when status = 'open' then 1 else 0 end) as rules_open,
        sum(case when status = 'below' then 1 else 0 end) as rules_below,
        sum(case when status = 'no_data' then 1 else 0 end) as rules_unknown,
        sum(case when status = 'no_standard' then 1 else 0 end) as rules_without_standard,
        sum(case when is_span_over and status = 'kept' then 1 else 0 end) as concluded_kept,
        sum(case when is_span_over and status in ('kept', 'below') then 1 else 0 end) as concluded
    from rules
    group by branch_code, period
),

broken as (
    select
        branch_code,
        period,
        {{ joined_texts('rule', '|', 'rule') }} as broken_rules,
        {{ joined_texts('rule_zh', '、', 'rule') }} as broken_rules_zh
    from rules
    where status = 'below'
    group by branch_code, period
),

measured as (
    select
        {{ branch_columns('expected') }},
        cast(extract(year from expected.period_end) as integer) as year,
        cast(extract(month from expected.period_end) as integer) as month,
        expected.period,
        expected.period_end,
        weak_branches.branch_code is not null as is_weak,
        returns.branch_code is not null as has_return,
        {{ state_where_due('resolutions', 'decided.is_due') }} as resolutions_state,
        {{ quantity('resolutions') }} as resolutions,
        {{ state_where_due('resolutions_full_process', 'carried_through.is_due') }} as resolutions_full_process_state,
        {{ quantity('resolutions_full_process') }} as resolutions_full_process,
        full_process_floors.amount as full_process_floor_percent,
        {{ provenance_columns() }}
    from expected
    left join returns
        on expected.branch_code = returns.branch_code and expected.period = returns.period
    left join duties as decided
        on expected.branch_kind = decided.branch_kind and decided.field = 'resolutions'
    left join duties as carried_through
        on expected.branch_kind = carried_through.branch_kind and carried_through.field = 'resolutions_full_process'
    left join full_process_floors
        on {{ in_force('full_process_floors', 'expected') }}
    left join weak_branches
        on expected.branch_code = weak_branches.branch_code and expected.period_end = weak_branches.period_end
),

-- Decisions of a month count for the year's share where both figures are known.
followed as (
    select
        measured.*,
        {% for rule in rules %}
        {% for column in ['state', 'held', 'held_in_span', 'floor_times', 'span_months', 'status'] %}
        kept.{{ rule }}_{{ column }},
        {% endfor %}
        {% endfor %}
        kept.rules_kept,
        kept.rules_open,
        kept.rules_below,
        kept.rules_unknown,
        kept.rules_without_standard,
        broken.broken_rules,
        broken.broken_rules_zh,
        sum(kept.concluded) over this_year as concluded_this_year,
        sum(kept.concluded_kept) over this_year as kept_this_year,
        sum(case when kept.rules_below > 0 then 1 else 0 end) over this_year as months_below_this_year,
        sum(case when measured.has_return then 1 else 0 end) over this_year as months_reported_this_year,
        sum(case when measured.resolutions_full_process is not null then measured.resolutions end) over this_year
            as resolutions_this_year,
        sum(case when measured.resolutions is not null then measured.resolutions_full_process end) over this_year
            as resolutions_full_process_this_year
    from measured
    inner join kept
        on measured.branch_code = kept.branch_code and measured.period = kept.period
    left join broken
        on measured.branch_code = broken.branch_code and measured.period = broken.period
    window
        this_year as (
            partition by measured.branch_code, measured.year order by measured.period_end
            rows between unbounded preceding and current row
        )
)

select
    {{ branch_columns('followed') }},
    followed.year,
    followed.month,
    followed.period,
    followed.period_end,
    followed.is_weak,
    followed.has_return,
    case
        when followed.rules_below > 0 then 'below'
        when followed.rules_unknown > 0 then 'no_data'
        when followed.rules_open > 0 then 'open'
        when followed.rules_kept > 0 then 'kept'
        when followed.rules_without_standard > 0 then 'no_standard'
        else 'exempt'
    end as status,
    followed.broken_rules,
    followed.broken_rules_zh,
    cast(followed.rules_kept as integer) as rules_kept,
    cast(followed.rules_open as integer) as rules_open,
    cast(followed.rules_below as integer) as rules_below,
    cast(followed.rules_unknown as integer) as rules_unknown,
    {% for rule in rules %}
    followed.{{ rule }}_state,
    followed.{{ rule }}_held as {{ rule }},
    followed.{{ rule }}_held_in_span as {{ rule }}_in_span,
    followed.{{ rule }}_floor_times as {{ rule }}_floor,
    followed.{{ rule }}_span_months,
    followed.{{ rule }}_status,
    {% endfor %}
    followed.resolutions_state,
    followed.resolutions,
    followed.resolutions_full_process_state,
    followed.resolutions_full_process,
    followed.full_process_floor_percent,
    case
        when followed.resolutions_state = 'exempt' then 'exempt'
        when followed.resolutions is null or followed.resolutions_full_process is null then 'no_data'
        when followed.full_process_floor_percent is null then 'no_standard'
        when followed.resolutions = 0 then 'nothing_due'
        when followed.resolutions_full_process * 100 >= followed.resolutions * followed.full_process_floor_percent
            then 'kept'
        else 'below'
    end as full_process_status,
    {{ share_of('followed.resolutions_full_process', 'followed.resolutions') }} as full_process_share,
    cast(followed.concluded_this_year as bigint) as rules_concluded_this_year,
    cast(followed.kept_this_year as bigint) as rules_kept_this_year,
    {{ share_of('followed.kept_this_year', 'followed.concluded_this_year') }} as kept_share_this_year,
    cast(followed.months_below_this_year as bigint) as months_below_this_year,
    cast(followed.resolutions_this_year as bigint) as resolutions_this_year,
    cast(followed.resolutions_full_process_this_year as bigint) as resolutions_full_process_this_year,
    {{ share_of('followed.resolutions_full_process_this_year', 'followed.resolutions_this_year') }}
        as full_process_share_this_year,
    cast(followed.months_reported_this_year as bigint) as months_reported_this_year,
    followed.file_sha256,
    followed.sheet_name,
    followed.table_number,
    followed.row_number,
    followed.received_at
from followed
