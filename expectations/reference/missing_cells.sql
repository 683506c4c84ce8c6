-- Per form and period: how many required cells its returns have, and how many were left empty or refused when read.
-- A row in quarantine counts with as many cells as the form requires.
with

states as (
    select
        'operating_funding' as form,
        period,
        name,
        state
    from (
        unpivot (
            select
                period,
                columns('_state$')
            from staging.stg_returns__operating_funding
        )
        on columns(* exclude (period)) into name name value state
    )
    union all
    select
        'membership' as form,
        period,
        name,
        state
    from (
        unpivot (
            select
                period,
                columns('_state$')
            from staging.stg_returns__membership
        )
        on columns(* exclude (period)) into name name value state
    )
    union all
    select
        'drinking_water' as form,
        period,
        name,
        state
    from (
        unpivot (
            select
                period,
                columns('_state$')
            from staging.stg_returns__drinking_water
        )
        on columns(* exclude (period)) into name name value state
    )
    union all
    select
        'village_roads' as form,
        period,
        name,
        state
    from (
        unpivot (
            select
                period,
                columns('_state$')
            from staging.stg_returns__village_roads
        )
        on columns(* exclude (period)) into name name value state
    )
    union all
    select
        'venue' as form,
        period,
        name,
        state
    from (
        unpivot (
            select
                period,
                columns('_state$')
            from staging.stg_returns__venue
        )
        on columns(* exclude (period)) into name name value state
    )
    union all
    select
        'leadership' as form,
        period,
        name,
        state
    from (
        unpivot (
            select
                period,
                columns('_state$')
            from staging.stg_returns__leadership
        )
        on columns(* exclude (period)) into name name value state
    )
    union all
    select
        'rectification' as form,
        period,
        name,
        state
    from (
        unpivot (
            select
                period,
                columns('_state$')
            from staging.stg_returns__rectification
        )
        on columns(* exclude (period)) into name name value state
    )
),

required as (
    select
        form,
        field
    from form_fields
    where is_required
),

landed as (
    select
        states.form,
        states.period,
        count(*) as cells,
        count(*) filter (where states.state = 'missing') as missing_cells
    from states
    inner join required
        on states.form = required.form and states.name = required.field || '_state'
    group by all
),

quarantined as (
    select
        quarantine.form,
        quarantine.period,
        count(*) as cells
    from staging.stg_lake__quarantine as quarantine
    inner join required
        on quarantine.form = required.form
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
