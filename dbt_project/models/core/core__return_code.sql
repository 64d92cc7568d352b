select
    code.return_id,
    code.code_set,
    code.code,
    code.label,
    code.from_list,
    code.from_code
from {{ ref('stg_return__code') }} as code
cross join {{ ref('stg_run__parameters') }} as run
where
    (code.valid_from is null or code.valid_from <= run.as_at_date)
    and (code.valid_to is null or code.valid_to >= run.as_at_date)
