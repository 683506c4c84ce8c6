with

forms as (
    select * from {{ source('lake', 'forms') }}
)

select
    form,
    label_zh,
    label_en,
    frequency,
    grain,
    coverage,
    owner,
    deadline_days
from forms
