{%- set forms = forms_with_staging() -%}
{% for form in forms %}
select
    '{{ form }}' as form,
    reporting_unit_code,
    period,
    branch_code,
    file_sha256,
    {{ cells_in_states(form, ['reported', 'zero', 'nil']) }} as cells_known,
    {{ cells_in_states(form, ['reported', 'zero', 'nil', 'missing', 'unread']) }} as cells_expected,
    received_at
from {{ ref('stg_returns__' ~ form) }}
{{ 'union all' if not loop.last }}
{% endfor %}
