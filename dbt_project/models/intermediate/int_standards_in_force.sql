with

expected as (
    select * from {{ ref('int_expected_returns') }}
),

standards as (
    select
        *,
        coalesce(effective_from, cast('0001-01-01' as date)) as starts_on
    from {{ ref('standards') }}
),

places as (
    select distinct
        township_code,
        county_code,
        city_code,
        province_code,
        branch_kind,
        period_end
    from expected
),

last_changes as (
    select
        standard,
        max(starts_on) as last_change_on
    from standards
    group by standard
),

-- Two questions of every standard: what holds on the period's last day, and what will hold once every row is in force.
questions as (
    select
        places.*,
        last_changes.standard,
        'in_force' as question,
        places.period_end as asked_on
    from places
    cross join last_changes

    union all

    select
        places.*,
        last_changes.standard,
        'raised' as question,
        case
            when last_changes.last_change_on > places.period_end then last_changes.last_change_on
            else places.period_end
        end as asked_on
    from places
    cross join last_changes
),

-- The narrowest scope wins, then the kind's own row, then the row that came into force last.
answers as (
    select
        questions.township_code,
        questions.branch_kind,
        questions.standard,
        questions.question,
        questions.period_end,
        standards.standard_id,
        standards.scope_code,
        standards.source_document,
        standards.unit,
        case
            when standards.unit = '万元' then cast(standards.amount * 10000 as decimal(18, 2))
            else cast(standards.amount as decimal(18, 2))
        end as amount,
        row_number() over (
            partition by
                questions.township_code,
                questions.branch_kind,
                questions.standard,
                questions.question,
                questions.period_end
            order by
                case when standards.scope_code = 'all' then 0 else length(standards.scope_code) end desc,
                case when standards.branch_kind = 'all' then 0 else 1 end desc,
                standards.starts_on desc,
                standards.standard_id asc
        ) as answer_rank
    from questions
    inner join standards
        on
            questions.standard = standards.standard
            and standards.branch_kind in ('all', questions.branch_kind)
            and standards.scope_code in (
                'all',
                questions.province_code,
                questions.city_code,
                questions.county_code,
                questions.township_code
            )
            and questions.asked_on >= standards.starts_on
            and (standards.effective_to is null or questions.asked_on <= standards.effective_to)
)

select
    township_code,
    branch_kind,
    standard,
    max(case when question = 'in_force' then standard_id end) as standard_id,
    max(case when question = 'in_force' then scope_code end) as scope_code,
    max(case when question = 'in_force' then source_document end) as source_document,
    max(case when question = 'in_force' then unit end) as unit,
    max(case when question = 'in_force' then amount end) as amount,
    max(case when question = 'raised' then amount end) as raised_amount,
    period_end
from answers
where answer_rank = 1
group by township_code, branch_kind, standard, period_end
