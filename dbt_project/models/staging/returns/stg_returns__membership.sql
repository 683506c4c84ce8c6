with

returns as (
    {{ current_returns('membership') }}
)

select
    {{ columns_of_every_return() }},
    members,
    members_over_60,
    members_under_35,
    members_female,
    applicants,
    activists,
    recruited,
    reserve_cadres,
    {{ state_of('members') }},
    {{ state_of('members_over_60') }},
    {{ state_of('members_under_35') }},
    {{ state_of('members_female') }},
    {{ state_of('applicants') }},
    {{ state_of('activists') }},
    {{ state_of('recruited') }},
    {{ state_of('reserve_cadres') }}
from returns
