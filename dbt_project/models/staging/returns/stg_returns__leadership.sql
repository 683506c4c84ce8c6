with

returns as (
    {{ current_returns('leadership') }}
)

select
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number,
    form_version,
    reporting_unit_code,
    branch_code,
    branch_name,
    period,
    period_end,
    received_at,
    is_latest_for_branch,
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
