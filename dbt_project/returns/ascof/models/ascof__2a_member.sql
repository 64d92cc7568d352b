{{ config(materialized='view') }}

-- Episodes with the local ids of their people, by which the record-level table names them.
select
    member.*,
    local_id.local_ids,
    coalesce(member.reason, '') not in ('under_18', 'died_before_episode', 'existing_client') as is_counted
from {{ ref('mbr_ascof__2a') }} as member
left join {{ ref('cld_main__person_local_id') }} as local_id
    on member.submitter_id = local_id.la_code and member.person_key = local_id.person_key
