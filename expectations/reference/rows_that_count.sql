-- The key and place of every row that staging lets count, whatever its form.
select
    'operating_funding' as form,
    reporting_unit_code,
    period,
    branch_code,
    branch_name,
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number
from staging.stg_returns__operating_funding
union all
select
    'membership' as form,
    reporting_unit_code,
    period,
    branch_code,
    branch_name,
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number
from staging.stg_returns__membership
union all
select
    'drinking_water' as form,
    reporting_unit_code,
    period,
    branch_code,
    branch_name,
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number
from staging.stg_returns__drinking_water
union all
select
    'village_roads' as form,
    reporting_unit_code,
    period,
    branch_code,
    branch_name,
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number
from staging.stg_returns__village_roads
union all
select
    'venue' as form,
    reporting_unit_code,
    period,
    branch_code,
    branch_name,
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number
from staging.stg_returns__venue
union all
select
    'leadership' as form,
    reporting_unit_code,
    period,
    branch_code,
    branch_name,
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number
from staging.stg_returns__leadership
union all
select
    'rectification' as form,
    reporting_unit_code,
    period,
    branch_code,
    branch_name,
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number
from staging.stg_returns__rectification
