with

returns as (
    {{ current_returns('rectification') }}
)

select
    {{ columns_of_every_return() }},
    weak_types,
    county_leader_assigned,
    paired_unit,
    paired_village,
    paired_enterprise,
    status,
    measures,
    measures_done,
    first_secretary_assigned,
    township_lead_assigned,
    listed_on,
    plan_due_on,
    self_checked_on,
    accepted_on,
    delisted_on,
    {{ state_of('weak_types') }},
    {{ state_of('county_leader_assigned') }},
    {{ state_of('paired_unit') }},
    {{ state_of('paired_village') }},
    {{ state_of('paired_enterprise') }},
    {{ state_of('status') }},
    {{ state_of('measures') }},
    {{ state_of('measures_done') }},
    {{ state_of('first_secretary_assigned') }},
    {{ state_of('township_lead_assigned') }},
    {{ state_of('listed_on') }},
    {{ state_of('plan_due_on') }},
    {{ state_of('self_checked_on') }},
    {{ state_of('accepted_on') }},
    {{ state_of('delisted_on') }}
from returns
