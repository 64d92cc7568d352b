select
    cast(position as integer) as position,
    header,
    database_column,
    type as field_type,
    code_list
from {{ source('raw', 'cld_field') }}
