with

returns as (
    {{ current_returns('leadership') }}
)

select
    {{ columns_of_every_return() }},
    secretary_origin,
    posts,
    filled,
    secretary_adjusted,
    director_adjusted,
    other_members_adjusted,
    secretary_vacant,
    director_vacant,
    team_adjusted,
    secretary_vacant_since,
    {{ state_of('secretary_origin') }},
    {{ state_of('posts') }},
    {{ state_of('filled') }},
    {{ state_of('secretary_adjusted') }},
    {{ state_of('director_adjusted') }},
    {{ state_of('other_members_adjusted') }},
    {{ state_of('secretary_vacant') }},
    {{ state_of('director_vacant') }},
    {{ state_of('team_adjusted') }},
    {{ state_of('secretary_vacant_since') }}
from returns
