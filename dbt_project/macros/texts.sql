{# Texts of a group, one after the other. #}
{% macro joined_texts(text, separator, order_by) -%}
    {%- if target is defined and target.type == 'spark' -%}
        array_join(transform(array_sort(collect_list(struct({{ order_by }}, {{ text }}))), pair -> pair.col2), '{{ separator }}')
    {%- else -%}
        string_agg({{ text }}, '{{ separator }}' order by {{ order_by }})
    {%- endif -%}
{%- endmacro %}

{# Each part of a text, a row of its own. #}
{% macro each_part(text, separator) -%}
    {%- if target is defined and target.type == 'spark' -%}
        explode(split({{ text }}, '[{{ separator }}]'))
    {%- else -%}
        unnest(string_to_array({{ text }}, '{{ separator }}'))
    {%- endif -%}
{%- endmacro %}
