{#
    Every code of the columns stands in the seed of codes, under the name given; so does every state. One query a mart,
    because a test costs more to start than to run.
#}
{% test codes_are_known(model, codes={}) %}
{%- set names = dict(codes) -%}
{%- if execute -%}
    {%- for column in adapter.get_columns_in_relation(model) if column.name.endswith('_state') -%}
        {%- do names.update({column.name: 'state'}) -%}
    {%- endfor -%}
{%- endif -%}
{%- for column, name in names.items() %}
select
    '{{ column }}' as column_name,
    {{ column }} as code,
    count(*) as rows_found
from {{ model }}
where
    {{ column }} is not null
    and {{ column }} not in (select codes.code from {{ ref('codes') }} as codes where codes.column_name = '{{ name }}')
group by {{ column }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endtest %}
