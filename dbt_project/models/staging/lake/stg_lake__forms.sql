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
    reporting_level,
    owner,
    deadline_days
from forms
