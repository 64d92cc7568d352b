{{ config(materialized='table') }}

-- A value that a mapping holds twice (ignoring case) would multiply rows: the first in text order is kept.
-- Labels that differ only in case are one label, so later steps may compare them as they stand.
with mapping as (
    select
        field,
        {{ same_text('raw') }} as raw_key,
        min(cleaned) as cleaned,
        min(grouped) as grouped,
        count(*) as mapping_rows
    from {{ source('cld_store', 'cld_label') }}
    where raw is not null
    group by field, {{ same_text('raw') }}
)

select
    field,
    raw_key,
    min(cleaned) over (partition by field, {{ same_text('cleaned') }}) as cleaned,
    min(grouped) over (partition by field, {{ same_text('grouped') }}) as grouped,
    mapping_rows
from mapping
