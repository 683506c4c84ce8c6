with

returns as (
    {{ current_returns('village_roads') }}
)

select
    {{ columns_of_every_return() }},
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
