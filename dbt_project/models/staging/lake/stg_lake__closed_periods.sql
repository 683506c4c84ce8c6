with

closed_periods as (
    select * from {{ source('lake', 'closed_periods') }}
),

known as (
    select
        *,
        {% if var('as_of') %}
        coalesce({{ china_date('reopened_at') }} <= cast('{{ var("as_of") }}' as date), false) as is_reopened
        {% else %}
        reopened_at is not null as is_reopened
        {% endif %}
    from closed_periods
    {% if var('as_of') %}
    where {{ china_date('closed_at') }} <= cast('{{ var("as_of") }}' as date)
    {% endif %}
)

select
    period,
    closed_with,
    closed_by,
    run_id,
    snapshot,
    case when is_reopened then reopened_by end as reopened_by,
    case when is_reopened then reopened_because end as reopened_because,
    not is_reopened as is_closed,
    closed_at,
    known_until,
    case when is_reopened then reopened_at end as reopened_at
from known
