-- The service may belong to any location of its sender, so each of them is told.
select
    'core.service_location_unknown' as rule_id,
    location.location_id as submitter_id,
    service.record_key,
    'care_provider' as field,
    coalesce(service.location_id, 'blank') as value_seen,
    case
        when service.location_id is null then 'the service names no location'
        when successor.location_id is not null then 'the location was replaced by ' || successor.location_id
        else 'no Care provider record was received for the location'
    end as evidence
from {{ ref('core__service_episode') }} as service
left join {{ ref('core__location') }} as successor on service.location_id = successor.predecessor_location_id
left join {{ ref('core__location') }} as location on service.sender_id = location.sender_id
where not service.location_is_known
