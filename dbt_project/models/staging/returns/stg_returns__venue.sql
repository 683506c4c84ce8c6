with

returns as (
    {{ current_returns('venue') }}
)

select
    {{ columns_of_every_return() }},
    condition,
    plan,
    floor_area_m2,
    built_year,
    planned_area_m2,
    budget_yuan,
    funds_secured_yuan,
    funding_gap_yuan,
    construction_debt_yuan,
    service_rooms,
    has_venue,
    completed_on,
    {{ state_of('condition') }},
    {{ state_of('plan') }},
    {{ state_of('floor_area_m2') }},
    {{ state_of('built_year') }},
    {{ state_of('planned_area_m2') }},
    {{ state_of('budget') }},
    {{ state_of('funds_secured') }},
    {{ state_of('funding_gap') }},
    {{ state_of('construction_debt') }},
    {{ state_of('service_rooms') }},
    {{ state_of('has_venue') }},
    {{ state_of('completed_on') }}
from returns
