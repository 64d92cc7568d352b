select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    record_uid,
    version_number,
    provider as location_id,
    date as occupancy_date,
    maximum_capacity,
    occupied_or_used,
    vacant_reserved,
    vacant_accepting_admissions,
    care_category,
    people_using_the_service
from {{ latest_version(source('raw', 'occupancy')) }}
