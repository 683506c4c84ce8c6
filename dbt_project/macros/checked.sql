{# A view of what the checks found can be made before there ever was a check: on a new database the table is empty. #}
{% macro show_checks_to_models() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'test') -%}
        {%- do run_query('create schema if not exists quality') -%}
        {%- do run_query(
            'create table if not exists quality.check_failure'
            ~ ' (reporting_unit_code varchar, form varchar, period varchar, severity varchar)'
        ) -%}
    {%- endif -%}
{%- endmacro %}
