select
    visit.record_key as event_key,
    visit.record_key,
    visit.person_record_key,
    link.person_key,
    coalesce(visit.location_id, service.location_id) as location_id,
    visit.visit_status,
    visit.planned_start,
    visit.planned_end,
    visit.actual_start,
    visit.actual_end,
    {{ england_date('coalesce(visit.planned_start, visit.actual_start)') }} as visit_date
from {{ ref('stg_mods__visit') }} as visit
left join {{ ref('stg_identity__link') }} as link on visit.person_record_key = link.person_record_key
left join {{ ref('stg_mods__service') }} as service
    on visit.sender_id = service.sender_id and visit.service_record_uid = service.record_uid
