select distinct la_name
from {{ source('cld_store', 'cld_expected_council') }}
where la_name is not null
