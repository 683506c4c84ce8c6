-- Two rows of one standard, scope and kind may not hold on the same day: which one would win?
select
    earlier.standard_id,
    later.standard_id as overlapping_standard_id
from {{ ref('standards') }} as earlier
inner join {{ ref('standards') }} as later
    on
        earlier.standard = later.standard
        and earlier.scope_code = later.scope_code
        and earlier.branch_kind = later.branch_kind
        and earlier.standard_id < later.standard_id
where
    (earlier.effective_to is null or later.effective_from is null or earlier.effective_to >= later.effective_from)
    and (later.effective_to is null or earlier.effective_from is null or later.effective_to >= earlier.effective_from)
