with

findings as (
    select
        file_sha256,
        file_name,
        sheet_name,
        cell,
        row_number,
        form,
        field,
        period,
        reporting_unit_code,
        branch_code,
        branch_name,
        code,
        severity,
        owner,
        original,
        text_zh,
        text_en,
        remedy_zh,
        remedy_en,
        received_at
    from {{ ref('stg_lake__findings') }}
    union all
    select
        file_sha256,
        file_name,
        sheet_name,
        cell,
        row_number,
        form,
        field,
        period,
        reporting_unit_code,
        branch_code,
        branch_name,
        code,
        severity,
        owner,
        original,
        text_zh,
        text_en,
        remedy_zh,
        remedy_en,
        received_at
    from {{ ref('stg_register__findings') }}
),

rows_that_count as (
    select * from {{ ref('int_rows_that_count') }}
),

tables as (
    select
        form,
        reporting_unit_code,
        period,
        file_sha256,
        received_at,
        sum(table_rows) as table_rows
    from {{ ref('stg_lake__tables') }}
    where outcome = 'landed'
    group by form, reporting_unit_code, period, file_sha256, received_at
),

areas as (
    select * from {{ ref('stg_register__areas') }}
),

quarantined as (
    select
        form,
        reporting_unit_code,
        period,
        file_sha256,
        count(*) as table_rows
    from {{ ref('stg_lake__quarantine') }}
    group by form, reporting_unit_code, period, file_sha256
),

expected as (
    select
        form,
        township_code,
        period,
        count(*) as branches
    from {{ ref('int_expected_returns') }}
    group by form, township_code, period
),

-- What a later file has to hold to count as the same return sent again: as many rows as came, those in quarantine too,
-- but not more of these than there are branches to report.
returns as (
    select
        tables.form,
        tables.reporting_unit_code,
        tables.period,
        tables.file_sha256,
        tables.received_at,
        tables.table_rows,
        least(
            tables.table_rows + coalesce(quarantined.table_rows, 0),
            greatest(tables.table_rows, coalesce(expected.branches, tables.table_rows + quarantined.table_rows))
        ) as rows_to_replace
    from tables
    left join quarantined
        on
            tables.form = quarantined.form
            and tables.reporting_unit_code = quarantined.reporting_unit_code
            and tables.period = quarantined.period
            and tables.file_sha256 = quarantined.file_sha256
    left join expected
        on
            tables.form = expected.form
            and tables.reporting_unit_code = expected.township_code
            and tables.period = expected.period
),

-- A file was sent again once a later file holds the rows of the same return.
replaced as (
    select distinct
        returns.form,
        returns.reporting_unit_code,
        returns.period,
        returns.file_sha256
    from returns
    inner join tables as later
        on
            returns.form = later.form
            and returns.reporting_unit_code = later.reporting_unit_code
            and returns.period = later.period
            and returns.received_at < later.received_at
            and returns.rows_to_replace <= later.table_rows
)

select
    findings.file_sha256,
    findings.file_name,
    findings.sheet_name,
    findings.cell,
    findings.row_number,
    findings.form,
    findings.field,
    findings.period,
    findings.reporting_unit_code,
    areas.area_name as reporting_unit_name,
    findings.branch_code,
    findings.branch_name,
    findings.code,
    findings.severity,
    findings.owner,
    findings.original,
    findings.text_zh,
    findings.text_en,
    findings.remedy_zh,
    findings.remedy_en,
    findings.received_at
from findings
left join rows_that_count
    on
        findings.form = rows_that_count.form
        and findings.reporting_unit_code = rows_that_count.reporting_unit_code
        and findings.period = rows_that_count.period
        and findings.branch_code = rows_that_count.branch_code
left join replaced
    on
        findings.form = replaced.form
        and findings.reporting_unit_code = replaced.reporting_unit_code
        and findings.period = replaced.period
        and findings.file_sha256 = replaced.file_sha256
left join areas
    on findings.reporting_unit_code = areas.area_code
where
    replaced.file_sha256 is null
    -- The row a finding is about may since have been corrected alone.
    and (rows_that_count.received_at is null or rows_that_count.received_at <= findings.received_at)
