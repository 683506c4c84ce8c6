with

bands as (
    select * from {{ ref('funding_bands') }}
),

standards as (
    select * from {{ ref('standards') }}
),

bounded as (
    select
        bands.band,
        bands.band_order,
        bands.label_zh,
        cast(coalesce(standards.amount, bands.lower_wan) * 10000 as decimal(18, 2)) as lower_yuan,
        bands.is_lower_included
    from bands
    left join standards
        on bands.lower_standard_id = standards.standard_id
)

select
    band,
    label_zh,
    band_order,
    lower_yuan,
    lead(lower_yuan) over (order by band_order) as upper_yuan,
    is_lower_included,
    not lead(is_lower_included) over (order by band_order) as is_upper_included
from bounded
