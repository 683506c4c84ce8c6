{%- set forms = [
    'operating_funding', 'membership', 'drinking_water', 'village_roads', 'venue', 'leadership', 'rectification',
    'organisation_life', 'contact_visits', 'assessment',
] -%}
{% for form in forms %}
select
    '{{ form }}' as form,
    reporting_unit_code,
    period,
    branch_code,
    file_sha256,
    received_at
from {{ ref('stg_returns__' ~ form) }}
{{ 'union all' if not loop.last }}
{% endfor %}
