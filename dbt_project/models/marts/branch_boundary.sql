with

branches as (
    select * from {{ ref('stg_register__branches') }}
),

branches_now as (
    select * from {{ ref('int_branches_now') }}
),

successions as (
    select * from {{ ref('int_branch_successions') }}
),

cities as (
    select * from {{ ref('int_cities_taking_part') }}
),

-- What a branch that is no more leads to, as one row.
led_to as (
    select
        successions.branch_code,
        count(*) as branches_reached,
        sum(case when successions.is_there_now then 1 else 0 end) as branches_reached_now,
        sum(case when successions.reached_code = successions.branch_code then 1 else 0 end) as leads_nowhere,
        sum(case when successions.is_merged then 1 else 0 end) as mergers,
        min(successions.branch_code_now) as branch_code_now,
        min(branches_now.township_code) as first_township,
        max(branches_now.township_code) as last_township,
        {{ joined_texts('successions.reached_code', '|', 'successions.reached_code') }} as codes_now
    from successions
    left join branches_now
        on successions.branch_code_now = branches_now.branch_code
    group by successions.branch_code
),

beside as (
    select
        branches.*,
        led_to.codes_now,
        itself.branch_code is not null as is_there_now,
        coalesce(led_to.branches_reached, 0) as branches_reached,
        coalesce(led_to.branches_reached_now, 0) as branches_reached_now,
        coalesce(led_to.leads_nowhere, 1) as leads_nowhere,
        coalesce(led_to.mergers, 0) as mergers,
        case
            when itself.branch_code is not null then itself.branch_code
            when led_to.branches_reached = 1 then led_to.branch_code_now
        end as branch_code_now,
        -- Of several successors in one township, the township at least is known.
        case
            when itself.branch_code is not null then itself.township_code
            when led_to.branches_reached = led_to.branches_reached_now and led_to.first_township = led_to.last_township
                then led_to.first_township
        end as township_code_known
    from branches
    inner join cities
        on branches.city_code = cities.city_code
    left join branches_now as itself
        on branches.branch_code = itself.branch_code
    left join led_to
        on branches.branch_code = led_to.branch_code
),

areas as (
    select
        township_code,
        county_code,
        city_code,
        province_code,
        min(township_name) as township_name,
        min(county_name) as county_name,
        min(city_name) as city_name
    from branches_now
    group by township_code, county_code, city_code, province_code
),

named as (
    select
        beside.*,
        heirs.branch_name as branch_name_now,
        coalesce(areas.township_code, beside.township_code) as township_code_now,
        coalesce(areas.township_name, beside.township_name) as township_name_now,
        coalesce(areas.county_code, beside.county_code) as county_code_now,
        coalesce(areas.county_name, beside.county_name) as county_name_now,
        coalesce(areas.city_code, beside.city_code) as city_code_now,
        coalesce(areas.city_name, beside.city_name) as city_name_now,
        coalesce(areas.province_code, beside.province_code) as province_code_now,
        areas.township_code is not null as is_area_known
    from beside
    left join branches_now as heirs
        on beside.branch_code_now = heirs.branch_code
    left join areas
        on beside.township_code_known = areas.township_code
)

select
    branch_code,
    branch_name,
    branch_kind,
    valid_from,
    valid_to,
    township_code,
    township_name,
    county_code,
    county_name,
    city_code,
    city_name,
    province_code,
    case
        when is_there_now and township_code <> township_code_now then 'moved'
        when is_there_now and branch_name <> branch_name_now then 'renamed'
        when is_there_now then 'same'
        when leads_nowhere > 0 and valid_to is null then 'not_yet'
        when leads_nowhere > 0 then 'dissolved'
        when branches_reached_now < branches_reached then 'unresolved'
        when branches_reached > 1 then 'split'
        when mergers > 0 then 'merged'
        when township_code <> township_code_now then 'moved'
        else 'recoded'
    end as change,
    branch_code_now,
    branch_name_now,
    case when is_there_now then branch_code when leads_nowhere = 0 then codes_now end as codes_now,
    case when branch_code_now is not null then 1 end as weight,
    township_code_now,
    township_name_now,
    county_code_now,
    county_name_now,
    city_code_now,
    city_name_now,
    province_code_now,
    is_area_known
from named
