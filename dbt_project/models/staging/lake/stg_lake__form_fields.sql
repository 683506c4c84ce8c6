with

form_fields as (
    select * from {{ source('lake', 'form_fields') }}
)

select
    form,
    field,
    label_zh,
    unit,
    blank_means,
    lowest,
    highest,
    is_required,
    is_additive
from form_fields
