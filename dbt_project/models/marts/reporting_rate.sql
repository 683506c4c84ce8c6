with

duties as (
    select * from {{ ref('int_reporting_duties') }}
),

unit_duties as (
    select * from {{ ref('int_unit_duties') }}
),

rows_that_count as (
    select * from {{ ref('int_rows_that_count') }}
),

tables as (
    select * from {{ ref('stg_lake__tables') }}
    where outcome = 'landed' and period is not null and reporting_unit_code is not null
),

files as (
    select * from {{ ref('stg_lake__files') }}
),

forms as (
    select * from {{ ref('stg_lake__forms') }}
    where grain in ('branch', 'unit') and frequency <> 'on_change'
),

form_periods as (
    select * from {{ ref('int_form_periods') }}
),

deadlines as (
    select * from {{ ref('int_deadlines') }}
),

areas as (
    select * from {{ ref('stg_register__areas') }}
),

-- What lateness can be judged by: the last day anything is known of, and the first day of each city.
last_day as (
    select max(counts_on) as known_on
    from files
),

first_days as (
    select
        substring(tables.reporting_unit_code, 1, 4) as city_code,
        min(files.counts_on) as started_on
    from tables
    inner join files
        on tables.file_sha256 = files.file_sha256
    group by substring(tables.reporting_unit_code, 1, 4)
),

-- A branch counts once, whoever reports it and however often.
branch_rows as (
    select
        form,
        period,
        branch_code,
        max(cells_known) as cells_known,
        max(cells_expected) as cells_expected,
        min(required_cells_unknown) as required_cells_unknown
    from rows_that_count
    group by form, period, branch_code
),

-- A unit writes one row of itself, or one for each of its parts.
unit_rows as (
    select
        form,
        period,
        reporting_unit_code,
    {% for cells in ['cells_known', 'cells_expected', 'required_cells_unknown'] %}
    coalesce(
        max(case when branch_code = reporting_unit_code then {{ cells }} end), sum({{ cells }})
    ) as {{ cells }}{{ ',' if not loop.last }}
    {% endfor %}
    from rows_that_count
    group by form, period, reporting_unit_code
),

units_expected as (
    select
        duties.form,
        duties.period,
        duties.township_code as reporting_unit_code,
        sum(case when duties.is_exempt then 0 else 1 end) as branches_expected,
        sum(case when duties.is_exempt then 1 else 0 end) as branches_exempt,
        sum(case when not duties.is_exempt and branch_rows.cells_known > 0 then 1 else 0 end) as branches_reported,
        sum(case when not duties.is_exempt then branch_rows.cells_known end) as cells_known,
        sum(case when not duties.is_exempt then branch_rows.cells_expected end) as cells_expected,
        sum(case when not duties.is_exempt then branch_rows.required_cells_unknown end) as required_cells_unknown
    from duties
    left join branch_rows
        on
            duties.form = branch_rows.form
            and duties.period = branch_rows.period
            and duties.branch_code = branch_rows.branch_code
    group by duties.form, duties.period, duties.township_code

    union all

    select
        unit_duties.form,
        unit_duties.period,
        unit_duties.reporting_unit_code,
        case when unit_duties.is_exempt then 0 else 1 end as branches_expected,
        case when unit_duties.is_exempt then 1 else 0 end as branches_exempt,
        case when not unit_duties.is_exempt and unit_rows.cells_known > 0 then 1 else 0 end as branches_reported,
        case when not unit_duties.is_exempt then unit_rows.cells_known end as cells_known,
        case when not unit_duties.is_exempt then unit_rows.cells_expected end as cells_expected,
        case when not unit_duties.is_exempt then unit_rows.required_cells_unknown end as required_cells_unknown
    from unit_duties
    left join unit_rows
        on
            unit_duties.form = unit_rows.form
            and unit_duties.period = unit_rows.period
            and unit_duties.reporting_unit_code = unit_rows.reporting_unit_code
),

-- A unit's own tables, and those of others that hold rows of its branches, such as the county's.
files_of_units as (
    select
        form,
        period,
        reporting_unit_code,
        file_sha256,
        sum(table_rows) as table_rows
    from tables
    group by form, period, reporting_unit_code, file_sha256

    union all

    select
        duties.form,
        duties.period,
        duties.township_code as reporting_unit_code,
        rows_that_count.file_sha256,
        count(*) as table_rows
    from rows_that_count
    inner join duties
        on
            rows_that_count.form = duties.form
            and rows_that_count.period = duties.period
            and rows_that_count.branch_code = duties.branch_code
    where rows_that_count.reporting_unit_code <> duties.township_code
    group by duties.form, duties.period, duties.township_code, rows_that_count.file_sha256
),

-- A correction does not make a return late that was sent in time: the first file is judged.
arrived as (
    select
        files_of_units.form,
        files_of_units.period,
        files_of_units.reporting_unit_code,
        sum(files_of_units.table_rows) as table_rows,
        count(distinct files_of_units.file_sha256) as files_received,
        min(files.counts_on) as received_on,
        min(files.saved_on) as saved_on
    from files_of_units
    inner join files
        on files_of_units.file_sha256 = files.file_sha256
    group by files_of_units.form, files_of_units.period, files_of_units.reporting_unit_code
),

units as (
    select
        form,
        period,
        reporting_unit_code
    from units_expected

    union distinct

    select
        form,
        period,
        reporting_unit_code
    from arrived
),

measured as (
    select
        units.reporting_unit_code,
        units.form,
        units.period,
        forms.label_zh as form_zh,
        forms.frequency,
        forms.owner,
        form_periods.period_end,
        coalesce(units_expected.branches_expected, 0) > 0 as is_expected,
        coalesce(units_expected.branches_expected = 0, false) as is_exempt,
        arrived.received_on is not null as is_received,
        coalesce(arrived.table_rows, 0) as table_rows,
        coalesce(arrived.files_received, 0) as files_received,
        coalesce(units_expected.branches_expected, 0) as branches_expected,
        coalesce(units_expected.branches_exempt, 0) as branches_exempt,
        coalesce(units_expected.branches_reported, 0) as branches_reported,
        units_expected.cells_known,
        units_expected.cells_expected,
        units_expected.required_cells_unknown,
        deadlines.due_on,
        arrived.received_on,
        arrived.saved_on,
        last_day.known_on,
        deadlines.due_on < last_day.known_on as is_due,
        deadlines.due_on < first_days.started_on as is_backfilled
    from units
    inner join forms
        on units.form = forms.form
    inner join form_periods
        on units.form = form_periods.form and units.period = form_periods.period
    inner join deadlines
        on
            units.form = deadlines.form
            and units.period = deadlines.period
            and units.reporting_unit_code = deadlines.reporting_unit_code
    left join units_expected
        on
            units.form = units_expected.form
            and units.period = units_expected.period
            and units.reporting_unit_code = units_expected.reporting_unit_code
    left join arrived
        on
            units.form = arrived.form
            and units.period = arrived.period
            and units.reporting_unit_code = arrived.reporting_unit_code
    left join first_days
        on substring(units.reporting_unit_code, 1, 4) = first_days.city_code
    cross join last_day
),

judged as (
    select
        *,
        case
            when is_exempt then 'exempt'
            when not is_expected then 'unexpected'
            when is_received and table_rows = 0 then 'nil'
            when is_received and branches_reported = 0 then 'empty'
            when is_received and branches_reported = branches_expected and coalesce(required_cells_unknown, 0) = 0
                then 'complete'
            when is_received then 'partial'
            when is_due then 'missing'
            else 'not_due'
        end as status,
        case
            when is_exempt then 'exempt'
            when is_backfilled then 'backfilled'
            when received_on <= due_on then 'on_time'
            when received_on > due_on then 'late'
            when is_due then 'overdue'
            else 'not_due'
        end as timeliness
    from measured
)

select
    judged.reporting_unit_code,
    areas.area_name as reporting_unit_name,
    judged.form,
    judged.form_zh,
    judged.frequency,
    judged.owner,
    judged.period,
    judged.period_end,
    substring(cast(judged.period_end as varchar), 1, 7) as month,
    case when length(judged.reporting_unit_code) = 9 then judged.reporting_unit_code end as township_code,
    substring(judged.reporting_unit_code, 1, 6) as county_code,
    substring(judged.reporting_unit_code, 1, 4) as city_code,
    substring(judged.reporting_unit_code, 1, 2) as province_code,
    judged.status,
    judged.timeliness,
    judged.is_expected,
    judged.is_exempt,
    judged.is_due,
    judged.is_received,
    judged.status = 'complete' as is_complete,
    judged.is_received and judged.branches_reported = 0 and judged.table_rows > 0 and judged.is_expected as is_empty,
    judged.is_received and judged.table_rows = 0 as is_nil,
    case judged.timeliness when 'on_time' then true when 'late' then false when 'overdue' then false end as is_on_time,
    cast(judged.branches_expected as bigint) as branches_expected,
    cast(judged.branches_reported as bigint) as branches_reported,
    cast(judged.branches_exempt as bigint) as branches_exempt,
    case
        when judged.branches_expected > 0
            then cast(cast(judged.branches_reported as double) / judged.branches_expected as decimal(18, 6))
    end as coverage,
    cast(judged.cells_known as bigint) as cells_known,
    cast(judged.cells_expected as bigint) as cells_expected,
    cast(judged.required_cells_unknown as bigint) as required_cells_unknown,
    cast(judged.files_received as bigint) as files_received,
    judged.due_on,
    judged.received_on,
    case judged.timeliness
        when 'on_time' then 0
        when 'late' then cast({{ days_between('judged.due_on', 'judged.received_on') }} as bigint)
        when 'overdue' then cast({{ days_between('judged.due_on', 'judged.known_on') }} as bigint)
    end as days_late,
    judged.saved_on,
    case
        when judged.saved_on <= judged.due_on then 0
        else cast({{ days_between('judged.due_on', 'judged.saved_on') }} as bigint)
    end as days_late_as_saved
from judged
left join areas
    on judged.reporting_unit_code = areas.area_code
