with

files as (
    select
        *,
        {{ china_date('received_at') }} as received_on
    from {{ source('lake', 'files') }}
),

known as (
    select * from files
    {% if var('as_of') %}
    where received_on <= cast('{{ var("as_of") }}' as date)
    {% endif %}
),

readings as (
    select
        *,
        row_number() over (partition by file_sha256 order by read_at desc, batch_id desc) as reading_rank
    from known
)

select
    file_sha256,
    batch_id,
    file_name,
    outcome,
    reason,
    forms_version,
    register_version,
    rows as landed_rows,
    quarantined_rows,
    findings,
    received_at,
    read_at,
    modified_at,
    received_on,
    {{ working_day_of('received_at') }} as counts_on,
    {{ china_date('modified_at') }} as saved_on
from readings
where reading_rank = 1
