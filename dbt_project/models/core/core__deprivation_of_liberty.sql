select
    record.record_key as event_key,
    record.record_key,
    record.sender_id,
    record.person_record_key,
    link.person_key,
    record.location_id,
    record.application_date,
    record.application_status,
    record.authorised_from,
    record.authorised_to
from {{ ref('stg_mods__deprivation_of_liberty') }} as record
left join {{ ref('stg_identity__link') }} as link on record.person_record_key = link.person_record_key
