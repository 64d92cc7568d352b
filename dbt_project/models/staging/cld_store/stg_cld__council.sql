select
    la_code,
    min(la_name) as la_name,
    min(la_area_code) as la_area_code
from {{ source('cld_store', 'cld_council') }}
where la_code is not null
group by la_code
