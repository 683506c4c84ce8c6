with

returns as (
    {{ current_returns('assessment') }}
)

select
    {{ columns_of_every_return() }},
    village_class,
    stars,
    score,
    {{ state_of('village_class') }},
    {{ state_of('stars') }},
    {{ state_of('score') }}
from returns
