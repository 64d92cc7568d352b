-- Discharge method 4 is "Patient died" in the official list.
select
    _extract_id || ':' || _source_file || ':' || cast(_source_row as string) as version_key,
    _record_key as record_key,
    _sender_id as sender_id,
    {{ england_date('_as_at') }} as known_on,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    discharge_location as location_id,
    {{ england_date('date_of_discharge') }} as death_date
from {{ source('raw', 'discharge_details') }}
where discharge_method = '4'
