-- A workplace is the location whose CQC id it gives, or else the location whose CQC id is its own id.
select
    workplace.record_key,
    workplace.sender_id,
    workplace.row_number,
    workplace.localestid as local_id,
    coalesce(by_location_id.location_id, by_local_id.location_id) as location_id
from {{ ref('stg_asc_wds__workplace') }} as workplace
left join {{ ref('core__location') }} as by_location_id on workplace.locationid = by_location_id.location_id
left join {{ ref('core__location') }} as by_local_id on workplace.localestid = by_local_id.location_id
