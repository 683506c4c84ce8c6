with

expected as (
    select * from {{ ref('int_expected_returns') }}
    where form = 'village_roads'
),

returns as (
    select * from {{ ref('stg_returns__village_roads') }}
    where is_latest_for_branch
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

measured as (
    select
        {{ branch_columns('expected') }},
        extract(year from expected.period_end) as year,
        expected.period,
        expected.period_end,
        weak_branches.branch_code is not null as is_weak,
        returns.branch_code is not null as has_return,
        {{ reported_state('road_km') }},
        {{ quantity('road_km') }} as road_km,
        {{ reported_state('unpaved_km') }},
        {{ quantity('unpaved_km') }} as unpaved_km,
        {{ reported_state('hamlets_unconnected') }},
        {{ quantity('hamlets_unconnected') }} as hamlets_unconnected,
        {{ reported_state('condition_village_road') }},
        returns.condition_village_road,
        {{ reported_state('condition_lane') }},
        returns.condition_lane,
        {{ reported_state('condition_field_road') }},
        returns.condition_field_road,
        {{ reported_state('bridges_needed') }},
        {{ quantity('bridges_needed') }} as bridges_needed,
        {{ reported_state('investment_needed') }},
        {{ quantity_yuan('investment_needed') }} as investment_needed_yuan,
        {{ provenance_columns() }}
    from expected
    left join returns
        on expected.branch_code = returns.branch_code and expected.period = returns.period
    left join weak_branches
        on expected.branch_code = weak_branches.branch_code and expected.period_end = weak_branches.period_end
),

-- The worst of what is known; whether roads are poor is unknown while a condition is missing and none is poor.
conditions as (
    select
        *,
        case
            when 'poor' in (condition_village_road, condition_lane, condition_field_road) then 'poor'
            when 'fair' in (condition_village_road, condition_lane, condition_field_road) then 'fair'
            when 'good' in (condition_village_road, condition_lane, condition_field_road) then 'good'
        end as worst_condition,
        list_has_any(
            ['missing', 'unread'], [condition_village_road_state, condition_lane_state, condition_field_road_state]
        ) as is_condition_missing,
        hamlets_unconnected_state = 'exempt' and condition_village_road_state = 'exempt' as is_exempt
    from measured
),

judged as (
    select
        *,
        case
            when worst_condition = 'poor' then true
            when worst_condition is not null and not is_condition_missing then false
        end as is_poor,
        case when hamlets_unconnected_state = 'exempt' then 0 else hamlets_unconnected end as unconnected_or_exempt
    from conditions
)

select
    {{ branch_columns('judged') }},
    cast(judged.year as integer) as year,
    judged.period,
    judged.period_end,
    judged.is_weak,
    judged.has_return,
    case
        when judged.is_exempt then 'exempt'
        when judged.is_poor or judged.unconnected_or_exempt > 0 then 'gap'
        when not judged.is_poor and judged.unconnected_or_exempt = 0 then 'no_gap'
        else 'no_data'
    end as status,
    judged.worst_condition,
    judged.is_poor,
    judged.condition_village_road_state,
    judged.condition_village_road,
    judged.condition_lane_state,
    judged.condition_lane,
    judged.condition_field_road_state,
    judged.condition_field_road,
    judged.hamlets_unconnected_state,
    judged.hamlets_unconnected,
    judged.road_km_state,
    judged.road_km,
    judged.unpaved_km_state,
    judged.unpaved_km,
    case
        when judged.road_km > 0 then cast(judged.unpaved_km / judged.road_km as decimal(18, 6))
    end as unpaved_share,
    judged.bridges_needed_state,
    judged.bridges_needed,
    judged.investment_needed_state,
    judged.investment_needed_yuan,
    {{ to_wan('judged.investment_needed_yuan') }} as investment_needed_wan,
    judged.file_sha256,
    judged.sheet_name,
    judged.table_number,
    judged.row_number,
    judged.received_at
from judged
