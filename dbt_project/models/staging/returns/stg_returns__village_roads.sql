with

returns as (
    {{ current_returns('village_roads') }}
)

select
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number,
    form_version,
    reporting_unit_code,
    branch_code,
    branch_name,
    period,
    period_end,
    received_at,
    is_latest_for_branch,
    condition_village_road,
    condition_lane,
    condition_field_road,
    road_km,
    unpaved_km,
    hamlets_unconnected,
    bridges_needed,
    investment_needed_yuan,
    {{ state_of('condition_village_road') }},
    {{ state_of('condition_lane') }},
    {{ state_of('condition_field_road') }},
    {{ state_of('road_km') }},
    {{ state_of('unpaved_km') }},
    {{ state_of('hamlets_unconnected') }},
    {{ state_of('bridges_needed') }},
    {{ state_of('investment_needed') }}
from returns
