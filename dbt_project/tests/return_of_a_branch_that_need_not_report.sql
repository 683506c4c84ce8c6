{{ config(severity='warn') }}
-- Rows that no mart takes up: the branch did not exist in the period, its kind is not covered by the form, or the
-- period cannot be. They stay in staging.
select
    rows_that_count.form,
    rows_that_count.period,
    rows_that_count.reporting_unit_code,
    rows_that_count.branch_code
from {{ ref('int_rows_that_count') }} as rows_that_count
left join {{ ref('int_expected_returns') }} as expected
    on
        rows_that_count.form = expected.form
        and rows_that_count.period = expected.period
        and rows_that_count.branch_code = expected.branch_code
where
    expected.branch_code is null
    and rows_that_count.form in (select reporters.form from {{ ref('int_expected_reporters') }} as reporters)
