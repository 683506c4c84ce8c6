with

form_reporters as (
    select * from {{ source('lake', 'form_reporters') }}
)

select
    form,
    branch_kind
from form_reporters
