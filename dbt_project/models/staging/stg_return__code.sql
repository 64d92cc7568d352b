select
    return_id,
    code_set,
    code,
    label,
    from_list,
    from_code,
    evidence,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from {{ source('raw', 'return_code') }}
