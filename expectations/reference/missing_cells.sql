-- Per form and period: how many cells a return should have filled, and how many were left empty or refused when read.
-- A row in quarantine counts with as many cells as the form has fields.
with

landed as (
    select
        'operating_funding' as form,
        period,
        count(*) as cells,
        count(*) filter (where state = 'missing') as missing_cells
    from (
        unpivot (select period, columns('_state$') from staging.stg_returns__operating_funding)
        on columns(* exclude (period)) into name field value state
    )
    group by period
    union all
    select
        'membership' as form,
        period,
        count(*) as cells,
        count(*) filter (where state = 'missing') as missing_cells
    from (
        unpivot (select period, columns('_state$') from staging.stg_returns__membership)
        on columns(* exclude (period)) into name field value state
    )
    group by period
    union all
    select
        'drinking_water' as form,
        period,
        count(*) as cells,
        count(*) filter (where state = 'missing') as missing_cells
    from (
        unpivot (select period, columns('_state$') from staging.stg_returns__drinking_water)
        on columns(* exclude (period)) into name field value state
    )
    group by period
    union all
    select
        'village_roads' as form,
        period,
        count(*) as cells,
        count(*) filter (where state = 'missing') as missing_cells
    from (
        unpivot (select period, columns('_state$') from staging.stg_returns__village_roads)
        on columns(* exclude (period)) into name field value state
    )
    group by period
    union all
    select
        'venue' as form,
        period,
        count(*) as cells,
        count(*) filter (where state = 'missing') as missing_cells
    from (
        unpivot (select period, columns('_state$') from staging.stg_returns__venue)
        on columns(* exclude (period)) into name field value state
    )
    group by period
    union all
    select
        'leadership' as form,
        period,
        count(*) as cells,
        count(*) filter (where state = 'missing') as missing_cells
    from (
        unpivot (select period, columns('_state$') from staging.stg_returns__leadership)
        on columns(* exclude (period)) into name field value state
    )
    group by period
    union all
    select
        'rectification' as form,
        period,
        count(*) as cells,
        count(*) filter (where state = 'missing') as missing_cells
    from (
        unpivot (select period, columns('_state$') from staging.stg_returns__rectification)
        on columns(* exclude (period)) into name field value state
    )
    group by period
),

widths as (
    select
        'operating_funding' as form,
        count(*) as fields
    from (describe staging.stg_returns__operating_funding)
    where column_name like '%\_state' escape '\'
    union all
    select
        'membership' as form,
        count(*) as fields
    from (describe staging.stg_returns__membership)
    where column_name like '%\_state' escape '\'
    union all
    select
        'drinking_water' as form,
        count(*) as fields
    from (describe staging.stg_returns__drinking_water)
    where column_name like '%\_state' escape '\'
    union all
    select
        'village_roads' as form,
        count(*) as fields
    from (describe staging.stg_returns__village_roads)
    where column_name like '%\_state' escape '\'
    union all
    select
        'venue' as form,
        count(*) as fields
    from (describe staging.stg_returns__venue)
    where column_name like '%\_state' escape '\'
    union all
    select
        'leadership' as form,
        count(*) as fields
    from (describe staging.stg_returns__leadership)
    where column_name like '%\_state' escape '\'
    union all
    select
        'rectification' as form,
        count(*) as fields
    from (describe staging.stg_returns__rectification)
    where column_name like '%\_state' escape '\'
),

quarantined as (
    select
        quarantine.form,
        quarantine.period,
        sum(widths.fields) as cells
    from staging.stg_lake__quarantine as quarantine
    inner join widths
        on quarantine.form = widths.form
    where quarantine.period is not null
    group by all
),

counted as (
    select
        form,
        period,
        coalesce(landed.cells, 0) + coalesce(quarantined.cells, 0) as cells,
        coalesce(landed.missing_cells, 0) + coalesce(quarantined.cells, 0) as missing_cells
    from landed
    full outer join quarantined using (form, period)
)

select
    counted.form,
    forms.label_zh,
    forms.label_en,
    counted.period,
    counted.cells,
    counted.missing_cells,
    -- Of a single township's return a third is soon missing: that is a finding, not a broken night.
    case when counted.cells >= 1000 then counted.missing_cells / counted.cells end as missing_share
from counted
inner join forms
    on counted.form = forms.form
