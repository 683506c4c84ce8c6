with

returns as (
    {{ current_returns('training') }}
)

select
    {{ columns_of_every_return() }},
    sessions,
    secretary_person_times,
    cadre_person_times,
    {{ state_of('sessions') }},
    {{ state_of('secretary_person_times') }},
    {{ state_of('cadre_person_times') }}
from returns
