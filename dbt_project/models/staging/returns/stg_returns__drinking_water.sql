with

returns as (
    {{ current_returns('drinking_water') }}
)

select
    {{ columns_of_every_return() }},
    hamlets,
    hamlets_short,
    hamlets_unsafe,
    households_affected,
    pipeline_year,
    investment_planned_yuan,
    project_planned,
    {{ state_of('hamlets') }},
    {{ state_of('hamlets_short') }},
    {{ state_of('hamlets_unsafe') }},
    {{ state_of('households_affected') }},
    {{ state_of('pipeline_year') }},
    {{ state_of('investment_planned') }},
    {{ state_of('project_planned') }}
from returns
