{{ config(materialized='table') }}

select
    list,
    label,
    {{ same_text('label') }} as label_key,
    second_label,
    {{ same_text('second_label') }} as second_label_key,
    cast(rank as integer) as rank,
    flag
from {{ source('cld_store', 'cld_method_list') }}
