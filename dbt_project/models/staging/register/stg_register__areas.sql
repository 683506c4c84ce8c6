with

areas as (
    select * from {{ source('register', 'areas') }}
)

select
    area_code,
    area_name,
    level,
    parent_code
from areas
