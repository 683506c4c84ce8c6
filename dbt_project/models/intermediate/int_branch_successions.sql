{#- From one successor to the next: a chain longer than this is listed as unresolved. -#}
{%- set steps = 8 -%}
with

branches as (
    select * from {{ ref('stg_register__branches') }}
),

branches_now as (
    select * from {{ ref('int_branches_now') }}
),

-- The last that the register says of a branch which is no more.
ended as (
    select
        branches.branch_code,
        branches.successor_codes,
        branches.valid_to,
        row_number() over (
            partition by branches.branch_code
            order by branches.valid_from desc, branches.branch_name desc
        ) as recency
    from branches
    left join branches_now
        on branches.branch_code = branches_now.branch_code
    where
        branches_now.branch_code is null
        and branches.valid_to is not null
),

founded as (
    select
        branch_code,
        min(coalesce(valid_from, cast('1900-01-01' as date))) as founded_on
    from branches
    group by branch_code
),

stated as (
    select
        branch_code,
        valid_to,
        {{ each_part('successor_codes', '|') }} as successor_code
    from ended
    where
        recency = 1
        and successor_codes is not null
),

-- A successor that was there before, or takes the place of several, is a merger; a new one of one branch, its new code.
links as (
    select
        stated.branch_code,
        stated.successor_code,
        case
            when
                count(*) over (partition by stated.successor_code) > 1
                or founded.founded_on <= stated.valid_to
                then 1
            else 0
        end as is_merger
    from stated
    left join founded
        on stated.successor_code = founded.branch_code
),

followed_0 as (
    select
        branch_code,
        branch_code as reached_code,
        0 as mergers
    from ended
    where recency = 1
),

{% for step in range(1, steps + 1) %}
followed_{{ step }} as (
    select
        followed.branch_code,
        coalesce(links.successor_code, followed.reached_code) as reached_code,
        max(followed.mergers + coalesce(links.is_merger, 0)) as mergers
    from followed_{{ step - 1 }} as followed
    left join links
        on followed.reached_code = links.branch_code
    group by followed.branch_code, coalesce(links.successor_code, followed.reached_code)
),

{% endfor %}
-- Each branch that is no more beside each that took its place, as far as the register tells.
reached as (
    select
        followed.branch_code,
        followed.reached_code,
        followed.mergers,
        branches_now.branch_code as branch_code_now
    from followed_{{ steps }} as followed
    left join branches_now
        on followed.reached_code = branches_now.branch_code
)

select
    branch_code,
    reached_code,
    branch_code_now,
    branch_code_now is not null as is_there_now,
    mergers > 0 as is_merged
from reached
