select
    service.record_key as event_key,
    service.record_key,
    service.sender_id,
    service.person_record_key,
    link.person_key,
    service.location_id,
    location.care_setting,
    location.location_id is not null as location_is_known,
    service.service_start_date,
    service.service_end_date,
    coalesce(service.care_funding_source, 'not_known') as care_funding_source,
    coalesce(lower(service.regulated_care), 'not recorded') <> 'no' as may_be_regulated,
    service.service_status,
    coalesce(service.service_status, 'not recorded') = 'entered-in-error' as entered_in_error,
    service.end_reason,
    service.cld_service_component as service_component,
    service.unit_cost,
    service.cost_frequency,
    service.planned_units_per_week
from {{ ref('stg_mods__service') }} as service
left join {{ ref('stg_identity__link') }} as link on service.person_record_key = link.person_record_key
left join {{ ref('core__location') }} as location on service.location_id = location.location_id
