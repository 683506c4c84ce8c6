{%- set forms = forms_with_fields() -%}
with

{% for form in forms %}
versions_of_{{ form }} as (
    {{ versions_of(form) }}
),

-- Where nothing was ever sent again there is nothing to compare.
{{ form }}_sent_again as (
    select distinct
        period,
        left(reporting_unit_code, 6) as county_code
    from versions_of_{{ form }}
    where versions > 1
),

{{ form }} as (
    select versions_of_{{ form }}.*
    from versions_of_{{ form }}
    inner join {{ form }}_sent_again
        on
            versions_of_{{ form }}.period = {{ form }}_sent_again.period
            and left(versions_of_{{ form }}.reporting_unit_code, 6) = {{ form }}_sent_again.county_code
),

{% endfor %}
fields as (
    select * from {{ ref('stg_lake__form_fields') }}
),

cells as (
    {%- for form, columns in forms.items() %}
    {%- set last_form = loop.last %}
    {%- for field, column in columns.items() %}
    select
        '{{ form }}' as form,
        '{{ field }}' as field,
        period,
        period_end,
        reporting_unit_code,
        branch_code,
        branch_name,
        cast({{ column }} as varchar) as value,
        coalesce({{ field }}_state, 'missing') as state,
        version_number,
        versions,
        batch_id,
        file_sha256,
        file_name,
        sheet_name,
        table_number,
        row_number,
        received_at
    from {{ form }}
    {{ 'union all' if not (loop.last and last_form) }}
    {%- endfor %}
    {%- endfor %}
)

select
    cells.form,
    cells.field,
    cells.period,
    cells.reporting_unit_code,
    cells.branch_code,
    cells.branch_name,
    cells.value,
    cells.state,
    cells.batch_id,
    cells.file_sha256,
    cells.file_name,
    cells.sheet_name,
    cells.table_number,
    cells.row_number,
    cells.version_number,
    cells.versions,
    case when fields.is_additive then cast(cells.value as decimal(24, 6)) end as amount,
    fields.is_additive,
    cells.period_end,
    cells.received_at
from cells
inner join fields
    on cells.form = fields.form and cells.field = fields.field
-- Of a branch that was sent once only what goes into the totals is of use.
where cells.versions > 1 or fields.is_additive
