-- How much of what each sender sent can be used: one row per form, sender and period (scope 'return'), and one per form
-- over all its senders (scope 'form'). A sender is a reporting unit; where reading could not tell it, the unit whose
-- returns lie in the same folder of the inbox, else the folder.
--
-- Only what counts now is counted: rows that staging lets count, and of rows in quarantine and of files whose table was
-- not understood only those that the sender has not sent again since.
with

folders as (
    select
        folder_of(file_name) as folder,
        min(reporting_unit_code) as reporting_unit_code
    from form_rows
    group by folder
    having count(distinct reporting_unit_code) = 1
),

landed as (
    select
        form,
        reporting_unit_code as sender,
        period,
        file_name,
        received_at,
        sum(required_cells) as cells,
        sum(missing_cells) as missing_cells
    from form_rows
    group by all
),

not_landed as (
    select
        form,
        reporting_unit_code,
        period,
        file_sha256,
        file_name,
        count(*) as lost_rows
    from staging.stg_lake__quarantine
    group by all
    union all
    -- The header of its table was not found: how many rows it holds nobody knows.
    select
        form,
        reporting_unit_code,
        period,
        file_sha256,
        file_name,
        1 as lost_rows
    from staging.stg_lake__findings
    where code = 'header_missing'
),

lost as (
    select
        not_landed.form,
        coalesce(
            not_landed.reporting_unit_code, folders.reporting_unit_code, folder_of(not_landed.file_name)
        ) as sender,
        not_landed.period,
        not_landed.file_name,
        files.received_at,
        not_landed.lost_rows * forms.required_fields as cells
    from not_landed
    inner join forms
        on not_landed.form = forms.form
    inner join staging.stg_lake__files as files
        on not_landed.file_sha256 = files.file_sha256
    left join folders
        on folder_of(not_landed.file_name) = folders.folder
),

sent as (
    select * from landed
    union all
    select
        lost.form,
        lost.sender,
        lost.period,
        lost.file_name,
        lost.received_at,
        lost.cells,
        lost.cells as missing_cells
    from lost
    where not exists (
        select 1
        from staging.stg_lake__tables as again
        where
            again.outcome = 'landed'
            and again.table_rows > 0
            and again.form = lost.form
            and again.reporting_unit_code = lost.sender
            and again.received_at > lost.received_at
            and (lost.period is null or again.period = lost.period)
    )
),

returns as (
    select
        form,
        sender,
        period,
        null as senders,
        null as unusable_senders,
        sum(cells) as cells,
        sum(missing_cells) as missing_cells,
        list_sort(list(distinct file_name) filter (where missing_cells > 0)) as file_names
    from sent
    group by form, sender, period
),

-- What a sender sent last tells whether its returns can be read now. One intake receives its files microseconds apart.
last_sent as (
    select *
    from sent
    qualify received_at > max(received_at) over (partition by form, sender) - interval 1 second
),

senders as (
    select
        form,
        sender,
        sum(cells) as cells,
        sum(missing_cells) as missing_cells,
        sum(missing_cells) > 0.3 * sum(cells) as is_unusable,
        list(distinct file_name) filter (where missing_cells > 0) as file_names
    from last_sent
    group by form, sender
),

of_forms as (
    select
        form,
        null as sender,
        null as period,
        count(*) as senders,
        count(*) filter (where is_unusable) as unusable_senders,
        sum(cells) as cells,
        sum(missing_cells) as missing_cells,
        list_sort(list_distinct(flatten(list(file_names) filter (where is_unusable)))) as file_names
    from senders
    group by form
),

counted as (
    select
        *,
        'return' as scope
    from returns
    union all
    select
        *,
        'form' as scope
    from of_forms
)

select
    counted.form,
    forms.label_zh,
    forms.label_en,
    counted.sender as reporting_unit_code,
    counted.period,
    counted.senders,
    counted.unusable_senders,
    counted.cells,
    counted.missing_cells,
    some_of(counted.file_names) as file_name,
    -- A handful of cells is soon half empty, and each is a finding already.
    case when counted.scope = 'return' and counted.cells >= 20 then counted.missing_cells / counted.cells end
        as missing_share,
    -- One sender alone stops nobody: there have to be others whose returns came out as badly.
    case
        when counted.scope = 'form' and counted.unusable_senders < 2 then 0
        when counted.scope = 'form' then counted.unusable_senders / counted.senders
    end as unusable_senders_share
from counted
inner join forms
    on counted.form = forms.form
