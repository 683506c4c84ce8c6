with

sheets as (
    select * from {{ source('lake', 'sheets') }}
),

files as (
    select * from {{ ref('stg_lake__files') }}
)

select
    sheets.batch_id,
    sheets.file_sha256,
    sheets.sheet_name,
    sheets.table_number,
    sheets.form,
    sheets.field,
    sheets.column_letter,
    sheets.header_text,
    sheets.unit
from sheets
inner join files
    on sheets.batch_id = files.batch_id and sheets.file_sha256 = files.file_sha256
