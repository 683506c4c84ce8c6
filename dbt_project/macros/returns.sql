{#
    Rows of a form that count now. One row per reporting unit, period and branch: that of the file received last, so
    that a partial correction replaces only what it holds. `is_latest_for_branch` picks one where two units report
    the same branch and period.
#}
{% macro current_returns(form) -%}
    select *
    from (
        select
            returns.*,
            row_number() over (
                partition by returns.reporting_unit_code, returns.period, returns.branch_code
                order by {{ latest_first() }}
            ) as version_rank,
            row_number() over (
                partition by returns.period, returns.branch_code
                order by {{ latest_first() }}
            ) = 1 as is_latest_for_branch
        from {{ source('returns', form) }} as returns
        inner join {{ ref('stg_lake__files') }} as files
            on returns.batch_id = files.batch_id and returns.file_sha256 = files.file_sha256
    ) as ranked
    where version_rank = 1
{%- endmacro %}

{# A total order: repeatable whatever order the rows come in. #}
{% macro latest_first() -%}
    returns.received_at desc, returns.file_sha256 desc, returns.row_number desc,
    returns.sheet_name desc, returns.table_number desc
{%- endmacro %}

{# In staging: where a row of a return stood, whose it is and when it came. What every form has beside its own fields. #}
{% macro columns_of_every_return() -%}
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number,
    form_version,
    reporting_unit_code,
    branch_code,
    branch_name,
    period,
    period_end,
    received_at,
    is_latest_for_branch
{%- endmacro %}

{# The state of a field; a return read before the field existed holds none. #}
{% macro state_of(field) -%}
    coalesce({{ field }}_state, 'missing') as {{ field }}_state
{%- endmacro %}

{# In a mart: the state of a field of the return; a branch without a return has none of its fields. #}
{% macro reported_state(field) -%}
    coalesce(returns.{{ field }}_state, 'missing') as {{ field }}_state
{%- endmacro %}

{#
    In a mart: the state of a field of which something else than its cell says whether it is due. An empty cell is
    missing where it is due and exempt where it is not, return or not; where nothing says, the return is taken at its
    word. A figure stands, whoever reported it.
#}
{% macro state_where_due(field, is_due) -%}
    case
        when {{ is_due }} and returns.{{ field }}_state = 'exempt' then 'missing'
        when not {{ is_due }} and coalesce(returns.{{ field }}_state, 'missing') = 'missing' then 'exempt'
        else coalesce(returns.{{ field }}_state, 'missing')
    end
{%- endmacro %}

{# In a mart: a quantity of the return, where nil (reported as none) is 0 and missing or exempt stay unknown. #}
{% macro quantity(column, field=none) -%}
    case when returns.{{ field or column }}_state = 'nil' then 0 else returns.{{ column }} end
{%- endmacro %}

{% macro quantity_yuan(field) -%}
    cast({{ quantity(field ~ '_yuan', field) }} as decimal(18, 2))
{%- endmacro %}

{# Yuan in units of ten thousand, exactly. #}
{% macro to_wan(yuan) -%}
    cast({{ yuan }} * 0.0001 as decimal(18, 6))
{%- endmacro %}

{# Who the row is about: the columns that every mart of branches begins with. #}
{% macro branch_columns(relation) -%}
    {{ relation }}.branch_code,
    {{ relation }}.branch_name,
    {{ relation }}.branch_kind,
    {{ relation }}.township_code,
    {{ relation }}.township_name,
    {{ relation }}.county_code,
    {{ relation }}.county_name,
    {{ relation }}.city_code,
    {{ relation }}.city_name,
    {{ relation }}.province_code
{%- endmacro %}

{# Where the row stood: with staging.stg_lake__sheets it gives the cell of every value. #}
{% macro provenance_columns() -%}
    returns.file_sha256,
    returns.sheet_name,
    returns.table_number,
    returns.row_number,
    returns.received_at
{%- endmacro %}
