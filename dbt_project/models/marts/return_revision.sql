with

revisions as (
    select * from {{ ref('int_return_revisions') }}
),

forms as (
    select * from {{ ref('stg_lake__forms') }}
),

fields as (
    select * from {{ ref('stg_lake__form_fields') }}
),

deadlines as (
    select * from {{ ref('int_deadlines') }}
),

-- Whether lateness can be judged is one question with one answer.
rates as (
    select * from {{ ref('reporting_rate') }}
),

areas as (
    select * from {{ ref('stg_register__areas') }}
),

closed as (
    select * from {{ ref('stg_lake__closed_periods') }}
    where is_closed
),

sheets as (
    select
        batch_id,
        file_sha256,
        sheet_name,
        table_number,
        form,
        field,
        min(column_letter) as column_letter
    from {{ ref('stg_lake__sheets') }}
    group by batch_id, file_sha256, sheet_name, table_number, form, field
),

dated as (
    select
        revisions.*,
        forms.label_zh as form_zh,
        forms.owner,
        fields.label_zh as field_zh,
        fields.unit,
        -- A blank, or a column left out, took the value away; where the form takes a blank for none it says none now.
        (revisions.old_state in ('reported', 'zero') and revisions.new_state = 'missing')
        or (revisions.old_state = 'reported' and revisions.new_state = fields.blank_means) as is_withdrawn,
        {{ china_date('revisions.received_at') }} as received_on,
        coalesce(deadlines.due_on, {{ days_later('revisions.period_end', 'forms.deadline_days') }}) as due_on,
        coalesce(rates.timeliness in ('backfilled', 'exempt'), false) as is_not_judged,
        closed.closed_at,
        {{ china_date('closed.closed_at') }} as closed_on,
        -- What was frozen does not know of it.
        coalesce(closed.known_until < revisions.received_at, false) as is_after_closing
    from revisions
    inner join forms
        on revisions.form = forms.form
    inner join fields
        on revisions.form = fields.form and revisions.field = fields.field
    left join deadlines
        on
            revisions.form = deadlines.form
            and revisions.period = deadlines.period
            and revisions.reporting_unit_code = deadlines.reporting_unit_code
    left join rates
        on
            revisions.form = rates.form
            and revisions.period = rates.period
            and revisions.reporting_unit_code = rates.reporting_unit_code
    left join closed
        on revisions.period = closed.period
)

select
    dated.form,
    dated.form_zh,
    dated.field,
    dated.field_zh,
    dated.unit,
    dated.owner,
    dated.period,
    dated.period_end,
    dated.branch_code,
    dated.branch_name,
    dated.township_code,
    dated.township_name,
    dated.county_code,
    dated.county_name,
    dated.city_code,
    dated.city_name,
    dated.old_value,
    dated.old_state,
    dated.new_value,
    dated.new_state,
    dated.is_withdrawn,
    dated.counts_now,
    dated.old_reporting_unit_code,
    old_areas.area_name as old_reporting_unit_name,
    dated.old_file_sha256,
    dated.old_file_name,
    dated.old_sheet_name,
    dated.old_row_number,
    old_sheets.column_letter || cast(dated.old_row_number as varchar) as old_cell,
    dated.old_received_at,
    dated.reporting_unit_code,
    areas.area_name as reporting_unit_name,
    dated.file_sha256,
    dated.file_name,
    dated.sheet_name,
    dated.row_number,
    sheets.column_letter || cast(dated.row_number as varchar) as cell,
    dated.received_at,
    dated.due_on,
    case
        when dated.is_not_judged then null
        when dated.received_on > dated.due_on then {{ days_between('dated.due_on', 'dated.received_on') }}
        else 0
    end as days_after_deadline,
    dated.closed_at,
    dated.is_after_closing,
    case
        when not dated.is_after_closing then null
        when dated.received_on > dated.closed_on then {{ days_between('dated.closed_on', 'dated.received_on') }}
        else 0
    end as days_after_closing,
    cast(dated.amount_moved as decimal(24, 6)) as amount_moved,
    cast(dated.township_total_before as decimal(24, 6)) as township_total_before,
    cast(dated.township_total_after as decimal(24, 6)) as township_total_after,
    cast(dated.county_total_before as decimal(24, 6)) as county_total_before,
    cast(dated.county_total_after as decimal(24, 6)) as county_total_after
from dated
left join sheets as old_sheets
    on
        dated.old_batch_id = old_sheets.batch_id
        and dated.old_file_sha256 = old_sheets.file_sha256
        and dated.old_sheet_name = old_sheets.sheet_name
        and dated.old_table_number = old_sheets.table_number
        and dated.form = old_sheets.form
        and dated.field = old_sheets.field
left join sheets
    on
        dated.batch_id = sheets.batch_id
        and dated.file_sha256 = sheets.file_sha256
        and dated.sheet_name = sheets.sheet_name
        and dated.table_number = sheets.table_number
        and dated.form = sheets.form
        and dated.field = sheets.field
left join areas as old_areas
    on dated.old_reporting_unit_code = old_areas.area_code
left join areas
    on dated.reporting_unit_code = areas.area_code
