{{ config(materialized='view') }}

-- The table of unknown settings also shows, without code and name, councils that the lookup lacks.
select
    member.*,
    council.la_code is not null as is_listed_council
from {{ ref('mbr_ascof__3d') }} as member
left join {{ ref('stg_cld__council') }} as council on member.submitter_id = council.la_code
