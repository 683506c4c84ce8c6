{# What the spec of a form allows a field to be at least (lowest) or at most (highest), in the unit it is landed in. #}
{% macro limit_of(form, field, which) -%}
    (
        select limits.{{ which }}
        from {{ ref('stg_lake__form_fields') }} as limits
        where limits.form = '{{ form }}' and limits.field = '{{ field }}'
    )
{%- endmacro %}
