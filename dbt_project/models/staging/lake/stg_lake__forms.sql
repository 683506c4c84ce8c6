with

forms as (
    select * from {{ source('lake', 'forms') }}
)

select
    form,
    label_zh,
    label_en,
    frequency,
    owner,
    deadline_days
from forms
