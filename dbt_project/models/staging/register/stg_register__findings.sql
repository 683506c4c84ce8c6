with

findings as (
    select * from {{ source('register', 'findings') }}
),

files as (
    select * from {{ ref('stg_lake__files') }}
)

-- By the file alone: a register workbook is landed in two batches, once before all others and once with them.
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
    files.received_at
from findings
inner join files
    on findings.file_sha256 = files.file_sha256
