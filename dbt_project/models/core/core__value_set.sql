select
    value_set,
    code_list,
    code,
    label
from {{ ref('stg_standard__value_set') }}
