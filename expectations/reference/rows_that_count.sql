-- The key and place of every row that staging lets count, whatever its form.
select
    form,
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
from form_rows
