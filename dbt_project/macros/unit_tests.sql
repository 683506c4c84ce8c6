{#
    Unit tests learn the types of a source's columns from the database, where sources that are Parquet files do not
    stand. Before unit tests run, an empty view of each such source is put there; a nightly build makes none.
#}
{% macro show_sources_to_unit_tests() -%}
    {%- if execute and flags.WHICH in ('build', 'test')
        and 'unit_test' not in (invocation_args_dict.get('exclude_resource_types') or []) -%}
        {%- for node in graph.sources.values() if node.source_name != 'quality' -%}
            {%- do run_query('create schema if not exists ' ~ node.schema) -%}
            {%- do run_query(
                'create or replace view ' ~ node.schema ~ '.' ~ node.name
                ~ ' as select * from ' ~ source(node.source_name, node.name) ~ ' limit 0'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
