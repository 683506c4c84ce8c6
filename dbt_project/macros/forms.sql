{#
    Forms whose rows are branches, or units such as counties, and that have a staging model: the build names them, from the specs and the models
    that there are (JICENG_FORMS). dbt has to know what a model rests on before it knows any other model.
#}
{% macro forms_with_staging() -%}
    {{ return(env_var('JICENG_FORMS').split() if env_var is defined else ['operating_funding']) }}
{%- endmacro %}
