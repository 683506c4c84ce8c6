with

quarantine as (
    select * from {{ source('lake', 'quarantine') }}
),

files as (
    select * from {{ ref('stg_lake__files') }}
)

select
    quarantine.batch_id,
    quarantine.file_sha256,
    quarantine.file_name,
    quarantine.sheet_name,
    quarantine.table_number,
    quarantine.row_number,
    quarantine.form,
    quarantine.period,
    quarantine.reporting_unit_code,
    quarantine.branch_name,
    quarantine.code,
    quarantine.cells,
    files.received_at
from quarantine
inner join files
    on quarantine.batch_id = files.batch_id and quarantine.file_sha256 = files.file_sha256
