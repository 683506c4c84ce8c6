with

tables as (
    select * from {{ source('lake', 'tables') }}
),

files as (
    select * from {{ ref('stg_lake__files') }}
)

select
    tables.batch_id,
    tables.file_sha256,
    tables.file_name,
    tables.sheet_name,
    tables.table_number,
    tables.form,
    tables.period,
    tables.reporting_unit_code,
    tables.outcome,
    tables.header_row,
    tables.first_row,
    tables.last_row,
    tables.rows as table_rows,
    tables.period_end,
    files.received_on,
    files.received_at
from tables
inner join files
    on tables.batch_id = files.batch_id and tables.file_sha256 = files.file_sha256
