{%- set forms = forms_with_staging() -%}
with

required as (
    select
        form,
        '|' || {{ joined_texts('field', '|', 'field') }} || '|' as fields
    from {{ ref('stg_lake__form_fields') }}
    where is_required
    group by form
)

{% for form in forms %}
select
    '{{ form }}' as form,
    returns.reporting_unit_code,
    returns.period,
    returns.branch_code,
    returns.file_sha256,
    {{ cells_in_states(form, ['reported', 'zero', 'nil']) }} as cells_known,
    {{ cells_in_states(form, ['reported', 'zero', 'nil', 'missing', 'unread']) }} as cells_expected,
    case when required.fields is null then 0 else {{ required_cells_unknown(form) }} end as required_cells_unknown,
    returns.received_at
from {{ ref('stg_returns__' ~ form) }} as returns
left join required
    on required.form = '{{ form }}'
{{ 'union all' if not loop.last }}
{% endfor %}
