select
    la_code,
    min(la_name) as la_name
from {{ source('cld_store', 'cld_council_2a') }}
where la_code is not null
group by la_code
