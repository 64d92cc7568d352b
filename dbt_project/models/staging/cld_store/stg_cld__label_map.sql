{{ config(materialized='table') }}

-- A value that a mapping holds twice (ignoring case) would multiply rows: the first in text order is kept.
select
    field,
    {{ same_text('raw') }} as raw_key,
    min(cleaned) as cleaned,
    min(grouped) as grouped,
    count(*) as mapping_rows
from {{ source('cld_store', 'cld_label') }}
where raw is not null
group by field, {{ same_text('raw') }}
