{{ config(materialized='table') }}

with known as (
    select
        code_list,
        count(*) as codes
    from {{ source('raw', 'code_list_code') }}
    group by code_list
)

select
    lower(field.database_column) as field,
    field.header,
    field.code_list,
    coalesce(list.complete = 'yes', false) as is_complete,
    known.codes is not null as has_known_labels
from {{ ref('stg_cld__field') }} as field
left join {{ source('raw_cld', 'code_list') }} as list
    on field.code_list = list.code_list
left join known
    on field.code_list = known.code_list
where field.field_type = 'code'
