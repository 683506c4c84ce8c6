with

forms as (
    select * from {{ ref('stg_lake__forms') }}
),

form_reporters as (
    select * from {{ ref('stg_lake__form_reporters') }}
)

-- Forms that list only some branches expect nobody.
select
    form_reporters.form,
    form_reporters.branch_kind
from form_reporters
inner join forms
    on form_reporters.form = forms.form
where forms.coverage = 'all' and forms.grain = 'branch'
