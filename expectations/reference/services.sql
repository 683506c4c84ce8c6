-- One row per branch and quarter that counts, nil as 0.
with

returns as (
    select
        * replace (
            quantity(service_stations, service_stations_state) as service_stations,
            quantity(agency_points, agency_points_state) as agency_points,
            quantity(services_delivered, services_delivered_state) as services_delivered,
            quantity(pioneer_posts, pioneer_posts_state) as pioneer_posts,
            quantity(responsibility_areas, responsibility_areas_state) as responsibility_areas,
            quantity(pioneer_teams, pioneer_teams_state) as pioneer_teams,
            quantity(pioneer_projects, pioneer_projects_state) as pioneer_projects,
            quantity(volunteer_teams, volunteer_teams_state) as volunteer_teams,
            quantity(volunteer_events, volunteer_events_state) as volunteer_events,
            quantity(in_service_volunteers, in_service_volunteers_state) as in_service_volunteers,
            quantity(member_person_times, member_person_times_state) as member_person_times
        )
    from staging.stg_returns__services
    where is_latest_for_branch
)

select
    columns(name -> name not like '%_state'),
    case when volunteer_events > 0 then volunteer_teams end as teams_of_events,
    before_in_year(services_delivered, branch_code, period_end) as services_delivered_before,
    before_in_year(pioneer_projects, branch_code, period_end) as pioneer_projects_before,
    before_in_year(volunteer_events, branch_code, period_end) as volunteer_events_before,
    before_in_year(member_person_times, branch_code, period_end) as member_person_times_before
from returns
