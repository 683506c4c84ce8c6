-- What the file that counts now changed, field by field; withdrawn_value is what a blank took away, in its unit.
select
    revisions.form,
    coalesce(revisions.form_zh, revisions.form) as form_zh,
    coalesce(forms.label_en, revisions.form) as form_en,
    revisions.field,
    coalesce(revisions.field_zh, revisions.field) as field_zh,
    revisions.field as field_en,
    revisions.period,
    revisions.reporting_unit_code,
    revisions.branch_code,
    revisions.branch_name,
    revisions.file_sha256,
    revisions.file_name,
    revisions.sheet_name,
    revisions.row_number,
    revisions.cell,
    revisions.old_file_name,
    concat_ws(
        '!',
        nullif(revisions.old_sheet_name, ''),
        coalesce(revisions.old_cell, cast(revisions.old_row_number as varchar))
    ) as old_place,
    case when revisions.is_withdrawn then concat_ws(' ', revisions.old_value, revisions.unit) end as withdrawn_value
from marts.return_revision as revisions
left join forms
    on revisions.form = forms.form
where revisions.counts_now
