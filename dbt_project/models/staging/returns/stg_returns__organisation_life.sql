with

returns as (
    {{ current_returns('organisation_life') }}
)

select
    {{ columns_of_every_return() }},
    branch_meetings,
    committee_meetings,
    group_meetings,
    lectures,
    theme_days,
    resolutions,
    resolutions_full_process,
    affairs_disclosures,
    finance_disclosures,
    {{ state_of('branch_meetings') }},
    {{ state_of('committee_meetings') }},
    {{ state_of('group_meetings') }},
    {{ state_of('lectures') }},
    {{ state_of('theme_days') }},
    {{ state_of('resolutions') }},
    {{ state_of('resolutions_full_process') }},
    {{ state_of('affairs_disclosures') }},
    {{ state_of('finance_disclosures') }}
from returns
