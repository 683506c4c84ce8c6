with

returns as (
    {{ current_returns('contact_visits') }}
)

select
    {{ columns_of_every_return() }},
    leader_visits,
    first_secretary_days,
    problems_raised,
    problems_solved,
    households_visited,
    {{ state_of('leader_visits') }},
    {{ state_of('first_secretary_days') }},
    {{ state_of('problems_raised') }},
    {{ state_of('problems_solved') }},
    {{ state_of('households_visited') }}
from returns
