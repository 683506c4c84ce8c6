-- A standard that is a bound may be changed; the bands must still follow one another.
select
    band,
    lower_yuan,
    upper_yuan
from {{ ref('int_funding_bands') }}
where
    lower_yuan >= upper_yuan
    or (lower_yuan is null and band_order > 1)
