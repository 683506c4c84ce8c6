{{ config(severity='warn') }}
-- A branch that the rectification ledger lists and the register does not know stands in no mart.
select
    listings.branch_code,
    listings.listed_on
from {{ ref('int_listings') }} as listings
left join {{ ref('stg_register__branches') }} as branches
    on listings.branch_code = branches.branch_code
where branches.branch_code is null
