with

tables as (
    select * from {{ ref('stg_lake__tables') }}
    where
        outcome = 'landed'
        and period_end is not null
        -- A mistyped year must not open a period that has not begun.
        and period_end <= {{ months_later('received_on', 1) }}
),

forms as (
    select * from {{ ref('stg_lake__forms') }}
    where grain in ('branch', 'unit') and frequency <> 'on_change'
),

period_ends as (
    select distinct period_end
    from tables
),

named as (
    select
        period_end,
        extract(year from period_end) as year,
        extract(month from period_end) as month
    from period_ends
),

-- A period that nobody reports is due all the same: the months that other returns came for say that it has passed.
calendar as (
    select
        'month' as frequency,
        substring(cast(period_end as varchar), 1, 7) as period,
        period_end
    from named

    union all

    select
        'quarter' as frequency,
        cast(year as varchar) || '-Q' || cast(cast(month / 3 as integer) as varchar) as period,
        period_end
    from named
    where month in (3, 6, 9, 12)

    union all

    select
        'half' as frequency,
        cast(year as varchar) || '-H' || cast(cast(month / 6 as integer) as varchar) as period,
        period_end
    from named
    where month in (6, 12)

    union all

    select
        'year' as frequency,
        cast(year as varchar) as period,
        period_end
    from named
    where month = 12
),

started as (
    select
        form,
        min(period_end) as started_on
    from tables
    group by form
)

select
    forms.form,
    forms.frequency,
    calendar.period,
    calendar.period_end
from forms
inner join started
    on forms.form = started.form
inner join calendar
    on
        forms.frequency = calendar.frequency
        and started.started_on <= calendar.period_end
