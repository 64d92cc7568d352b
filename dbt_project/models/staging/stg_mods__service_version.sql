select
    _extract_id || ':' || _source_file || ':' || cast(_source_row as string) as version_key,
    _record_key as record_key,
    _sender_id as sender_id,
    {{ england_date('_as_at') }} as known_on,
    {{ newest_version_first() }} as version_rank,
    _sender_id || ':' || subject_of_care as person_record_key,
    care_provider as location_id,
    service_start_date,
    status as service_status
from {{ source('raw', 'service') }}
