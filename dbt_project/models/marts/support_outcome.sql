{%- set counts = [
    'bridges_built', 'irrigation_projects', 'pipelines_laid', 'households_water_solved', 'venues_built',
    'venues_extended', 'venue_structure_done', 'squares_built', 'cadres_in_field', 'households_lifted',
    'students_helped', 'projects', 'households_driven', 'skill_person_times', 'farmer_cooperatives',
    'other_cooperation_bodies', 'donation_drives', 'donated_items', 'households_assisted', 'person_times_assisted',
    'hardship_households_visited', 'households_given_medical_aid', 'rehabilitation_sets', 'jobs_found',
    'disputes_mediated', 'programme_episodes', 'programme_families_helped', 'programme_problems_solved',
] -%}
{%- set stocks = [
    'office_staff', 'bureau_leader_contacts', 'bureaus_paired',
] -%}
{%- set money = [
    'venue_investment', 'office_equipment_spend', 'service_equipment_spend', 'aid_given', 'income_increase',
    'donations_raised', 'medical_aid', 'programme_donations',
] -%}
{%- set flags = [
    'city_leader_contact', 'one_village_one_industry',
] -%}
{%- set service_counts = [
    'services_delivered', 'pioneer_projects', 'volunteer_events', 'member_person_times',
] -%}
{%- set service_stocks = [
    'service_stations', 'agency_points', 'pioneer_posts', 'responsibility_areas', 'pioneer_teams',
    'volunteer_teams', 'in_service_volunteers',
] -%}
with

support as (
    select * from {{ ref('stg_returns__support_outcomes') }}
    where is_latest_for_branch
),

services as (
    select * from {{ ref('stg_returns__services') }}
    where is_latest_for_branch
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

branches as (
    select * from {{ ref('stg_register__branches') }}
),

periods as (
    select
        period,
        period_end
    from support
    union
    select
        period,
        period_end
    from services
),

-- Who stands in a return, and who is on the list and should.
reporting as (
    select
        branch_code,
        period,
        period_end
    from support
    union
    select
        branch_code,
        period,
        period_end
    from services
    union
    select
        weak_branches.branch_code,
        periods.period,
        periods.period_end
    from periods
    inner join weak_branches on periods.period_end = weak_branches.period_end
),

registered as (
    select
        {{ branch_columns('branches') }},
        reporting.period,
        reporting.period_end,
        row_number() over (
            partition by reporting.branch_code, reporting.period
            order by branches.valid_from desc, branches.branch_name desc
        ) as register_rank
    from reporting
    inner join branches
        on
            reporting.branch_code = branches.branch_code
            and (branches.valid_from is null or reporting.period_end >= branches.valid_from)
            and (branches.valid_to is null or reporting.period_end <= branches.valid_to)
),

-- Both returns side by side; a branch without a return has none of its fields.
returns as (
    select
        {{ branch_columns('registered') }},
        registered.period,
        registered.period_end,
        support.branch_code is not null as has_return,
        services.branch_code is not null as has_services_return,
        {% for field in counts + stocks + flags + ['road_built_km'] %}
        coalesce(support.{{ field }}_state, 'missing') as {{ field }}_state,
        support.{{ field }},
        {% endfor %}
        {% for field in money %}
        coalesce(support.{{ field }}_state, 'missing') as {{ field }}_state,
        support.{{ field }}_yuan,
        {% endfor %}
        {% for field in service_counts + service_stocks %}
        coalesce(services.{{ field }}_state, 'missing') as {{ field }}_state,
        services.{{ field }},
        {% endfor %}
        support.file_sha256,
        support.sheet_name,
        support.table_number,
        support.row_number,
        support.received_at,
        services.file_sha256 as services_file_sha256,
        services.sheet_name as services_sheet_name,
        services.table_number as services_table_number,
        services.row_number as services_row_number,
        services.received_at as services_received_at
    from registered
    left join support
        on registered.branch_code = support.branch_code and registered.period = support.period
    left join services
        on registered.branch_code = services.branch_code and registered.period = services.period
    where registered.register_rank = 1
),

measured as (
    select
        returns.*,
        cast(extract(year from returns.period_end) as integer) as year,
        cast(extract(quarter from returns.period_end) as integer) as quarter,
        {% for field in counts + stocks + service_counts + service_stocks %}
        {{ quantity(field) }} as {{ field }}_total,
        {% endfor %}
        {% for field in money %}
        {{ quantity_yuan(field) }} as {{ field }}_total,
        {% endfor %}
        cast({{ quantity('road_built_km') }} as decimal(18, 3)) as road_built_km_total
    from returns
),

listed_quarters as (
    select distinct
        branch_code,
        extract(year from period_end) as year,
        extract(quarter from period_end) as quarter
    from weak_branches
    where extract(month from period_end) in (3, 6, 9, 12)
)

select
    {{ branch_columns('measured') }},
    measured.year,
    measured.quarter,
    measured.period,
    measured.period_end,
    weak_branches.branch_code is not null as is_weak,
    weak_branches.weak_types,
    weak_branches.listed_on,
    measured.has_return,
    measured.has_services_return,
    measured.road_built_km_state,
    measured.road_built_km_total as road_built_km,
    {{ this_quarter('road_built_km_total') }} as road_built_this_quarter_km,
    {% for field in counts + service_counts %}
    measured.{{ field }}_state,
    measured.{{ field }}_total as {{ field }},
    {{ this_quarter(field ~ '_total') }} as {{ field }}_this_quarter,
    {% endfor %}
    {% for field in stocks + service_stocks %}
    measured.{{ field }}_state,
    measured.{{ field }}_total as {{ field }},
    {% endfor %}
    {% for field in flags %}
    measured.{{ field }}_state,
    measured.{{ field }},
    {% endfor %}
    {% for field in money %}
    measured.{{ field }}_state,
    measured.{{ field }}_total as {{ field }}_yuan,
    {{ to_wan('measured.' ~ field ~ '_total') }} as {{ field }}_wan,
    {{ this_quarter(field ~ '_total') }} as {{ field }}_this_quarter_yuan,
    {% endfor %}
    case
        when measured.households_driven_total > 0
            then cast(
                cast(measured.income_increase_total as double) / measured.households_driven_total as decimal(18, 2)
            )
    end as income_increase_per_household_yuan,
    measured.file_sha256,
    measured.sheet_name,
    measured.table_number,
    measured.row_number,
    measured.received_at,
    measured.services_file_sha256,
    measured.services_sheet_name,
    measured.services_table_number,
    measured.services_row_number,
    measured.services_received_at
from measured
left join measured as previous
    on
        measured.branch_code = previous.branch_code
        and measured.year = previous.year
        and measured.quarter = previous.quarter + 1
left join listed_quarters as listed_before
    on
        measured.branch_code = listed_before.branch_code
        and measured.year = listed_before.year
        and measured.quarter = listed_before.quarter + 1
left join weak_branches
    on measured.branch_code = weak_branches.branch_code and measured.period_end = weak_branches.period_end
