select
    method_id,
    cast(import_time as timestamp) as import_time
from {{ source('cld_store', 'cld_excluded_file') }}
