{{ config(severity='warn') }}
-- The marts take the row received last; one of the units reports what is not its own.
select
    form,
    period,
    branch_code,
    count(*) as units
from {{ ref('int_rows_that_count') }}
group by form, period, branch_code
having count(*) > 1
