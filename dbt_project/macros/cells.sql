{#
    How many fields of a row that its form requires are unknown. `required.fields` names those of the form, each
    between bars.
#}
{% macro required_cells_unknown(form) -%}
    {%- set counted = [] -%}
    {%- if graph is defined and execute -%}
        {%- for column in graph.nodes['model.' ~ project_name ~ '.stg_returns__' ~ form].columns
            if column.endswith('_state') -%}
            {%- do counted.append(
                "case when " ~ column ~ " in ('missing', 'unread') and required.fields like '%|" ~ column[:-6]
                ~ "|%' then 1 else 0 end"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ counted | join(' + ') or '0' }}
{%- endmacro %}

{#
    How many fields of a row of a form hold something (a figure, a zero or a nil), and how many should: exempt ones
    need not. The fields are those whose state the staging model describes.
#}
{% macro cells_in_states(form, states) -%}
    {%- set counted = [] -%}
    {%- if graph is defined and execute -%}
        {%- for column in graph.nodes['model.' ~ project_name ~ '.stg_returns__' ~ form].columns
            if column.endswith('_state') -%}
            {%- do counted.append("case when " ~ column ~ " in ('" ~ states | join("', '") ~ "') then 1 else 0 end") -%}
        {%- endfor -%}
    {%- endif -%}
    {{ counted | join(' + ') or '0' }}
{%- endmacro %}
