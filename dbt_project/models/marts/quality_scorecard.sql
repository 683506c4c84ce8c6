{%- set severities = ['critical', 'error', 'warning', 'info'] -%}
with

reporting as (
    select * from {{ ref('reporting_rate') }}
),

forms as (
    select * from {{ ref('stg_lake__forms') }}
),

form_periods as (
    select * from {{ ref('int_form_periods') }}
),

areas as (
    select * from {{ ref('stg_register__areas') }}
),

findings as (
    select
        reporting_unit_code,
        form,
        period,
        {% for severity in severities %}
        sum(case when severity = '{{ severity }}' then 1 else 0 end) as findings_{{ severity }},
        {% endfor %}
        count(*) as findings
    from {{ ref('finding') }}
    where reporting_unit_code is not null and form is not null and period is not null
    group by reporting_unit_code, form, period
),

failures as (
    select
        reporting_unit_code,
        form,
        period,
        {% for severity in severities %}
        sum(case when severity = '{{ severity }}' then 1 else 0 end) as failures_{{ severity }},
        {% endfor %}
        count(*) as failures
    from {{ source('quality', 'check_failure') }}
    where reporting_unit_code is not null and form is not null and period is not null
    group by reporting_unit_code, form, period
),

returns as (
    select
        reporting_unit_code,
        form,
        period
    from reporting
    where is_received

    union distinct

    select
        reporting_unit_code,
        form,
        period
    from findings

    union distinct

    select
        reporting_unit_code,
        form,
        period
    from failures
)

select
    returns.reporting_unit_code,
    areas.area_name as reporting_unit_name,
    returns.form,
    forms.label_zh as form_zh,
    forms.owner,
    returns.period,
    form_periods.period_end,
    case when length(returns.reporting_unit_code) = 9 then returns.reporting_unit_code end as township_code,
    substring(returns.reporting_unit_code, 1, 6) as county_code,
    substring(returns.reporting_unit_code, 1, 4) as city_code,
    substring(returns.reporting_unit_code, 1, 2) as province_code,
    reporting.cells_expected,
    {% for severity in severities %}
    cast(coalesce(findings.findings_{{ severity }}, 0) as bigint) as findings_{{ severity }},
    {% endfor %}
    cast(coalesce(findings.findings, 0) as bigint) as findings,
    {% for severity in severities %}
    cast(coalesce(failures.failures_{{ severity }}, 0) as bigint) as failures_{{ severity }},
    {% endfor %}
    cast(coalesce(failures.failures, 0) as bigint) as failures,
    case
        when reporting.cells_expected > 0
            then cast(
                cast(
                    coalesce(findings.findings_critical + findings.findings_error, 0)
                    + coalesce(failures.failures_critical + failures.failures_error, 0)
                    as double
                ) * 1000 / reporting.cells_expected as decimal(18, 6)
            )
    end as errors_per_thousand_cells
from returns
left join reporting
    on
        returns.reporting_unit_code = reporting.reporting_unit_code
        and returns.form = reporting.form
        and returns.period = reporting.period
left join findings
    on
        returns.reporting_unit_code = findings.reporting_unit_code
        and returns.form = findings.form
        and returns.period = findings.period
left join failures
    on
        returns.reporting_unit_code = failures.reporting_unit_code
        and returns.form = failures.form
        and returns.period = failures.period
left join forms
    on returns.form = forms.form
left join form_periods
    on returns.form = form_periods.form and returns.period = form_periods.period
left join areas
    on returns.reporting_unit_code = areas.area_code
