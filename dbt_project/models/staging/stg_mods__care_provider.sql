select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    record_uid,
    version_number,
    cqc_location_id as location_id,
    cqc_location_name as location_name,
    cqc_provider_id,
    predecessor_cqc_location_id as predecessor_location_id,
    ods_site_code,
    care_setting,
    provider_kind,
    registered_beds,
    registration_date,
    deregistration_date,
    active
from {{ latest_version(source('raw', 'care_provider')) }}
