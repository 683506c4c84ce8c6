-- Per form and period: how many required cells its returns have, and how many were left empty or refused when read.
-- A row in quarantine counts with as many cells as the form requires.
with

landed as (
    select
        form,
        period,
        sum(required_cells) as cells,
        sum(missing_cells) as missing_cells
    from form_rows
    group by all
),

quarantined as (
    select
        quarantine.form,
        quarantine.period,
        sum(forms.required_fields) as cells
    from staging.stg_lake__quarantine as quarantine
    inner join forms
        on quarantine.form = forms.form
    where quarantine.period is not null
    group by all
),

counted as (
    select
        coalesce(landed.form, quarantined.form) as form,
        coalesce(landed.period, quarantined.period) as period,
        coalesce(landed.cells, 0) + coalesce(quarantined.cells, 0) as cells,
        coalesce(landed.missing_cells, 0) + coalesce(quarantined.cells, 0) as missing_cells
    from landed
    full outer join quarantined
        on landed.form = quarantined.form and landed.period = quarantined.period
)

select
    counted.form,
    forms.label_zh,
    forms.label_en,
    counted.period,
    counted.cells,
    counted.missing_cells,
    -- Of a single township's return a third is soon missing: that is a finding, not a broken night.
    case when counted.cells >= 200 then counted.missing_cells / counted.cells end as missing_share
from counted
inner join forms
    on counted.form = forms.form
