{#
    Every form that has a staging model, with its fields and the column each field's value is landed in, as the
    staging model's description lists them: a new form joins in with its staging model alone.
    While nothing is executed (parsing, linting) the graph is not known yet: one form stands for all.
#}
{% macro forms_with_fields() -%}
    {%- if not execute -%}
        {{ return({'operating_funding': {'fiscal_transfer': 'fiscal_transfer_yuan'}}) }}
    {%- endif -%}
    {%- set forms = {} -%}
    {%- for node in graph.nodes.values() | sort(attribute='name')
        if node.resource_type == 'model' and node.name.startswith('stg_returns__') -%}
        {%- set fields = {} -%}
        {%- for column in node.columns if column.endswith('_state') -%}
            {%- set field = column[:-6] -%}
            {%- do fields.update({field: field if field in node.columns else field ~ '_yuan'}) -%}
        {%- endfor -%}
        {%- if fields -%}
            {%- do forms.update({node.name[13:]: fields}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(forms) }}
{%- endmacro %}

{#
    Every version of the rows of a form: one row per branch, period and file. Of the rows that one file holds of a
    branch and period the one counts that staging takes.
#}
{% macro versions_of(form) -%}
    select
        ranked.*,
        row_number() over (
            partition by ranked.period, ranked.branch_code
            order by ranked.received_at, ranked.file_sha256
        ) as version_number,
        count(*) over (partition by ranked.period, ranked.branch_code) as versions
    from (
        select
            returns.*,
            row_number() over (
                partition by returns.period, returns.branch_code, returns.file_sha256
                order by {{ latest_first() }}
            ) as rank_in_file
        from {{ source('returns', form) }} as returns
        inner join {{ ref('stg_lake__files') }} as files
            on returns.batch_id = files.batch_id and returns.file_sha256 = files.file_sha256
    ) as ranked
    where ranked.rank_in_file = 1
{%- endmacro %}
