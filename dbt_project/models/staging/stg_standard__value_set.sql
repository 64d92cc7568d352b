select
    value_set,
    code_list,
    lower(code) as code,
    label
from {{ source('raw', 'value_set_code') }}
