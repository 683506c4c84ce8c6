with

returns as (
    {{ current_returns('services') }}
)

select
    {{ columns_of_every_return() }},
    service_stations,
    agency_points,
    services_delivered,
    pioneer_posts,
    responsibility_areas,
    pioneer_teams,
    pioneer_projects,
    volunteer_teams,
    volunteer_events,
    in_service_volunteers,
    member_person_times,
    {{ state_of('service_stations') }},
    {{ state_of('agency_points') }},
    {{ state_of('services_delivered') }},
    {{ state_of('pioneer_posts') }},
    {{ state_of('responsibility_areas') }},
    {{ state_of('pioneer_teams') }},
    {{ state_of('pioneer_projects') }},
    {{ state_of('volunteer_teams') }},
    {{ state_of('volunteer_events') }},
    {{ state_of('in_service_volunteers') }},
    {{ state_of('member_person_times') }}
from returns
