select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    record_uid,
    version_number,
    care_provider as location_id,
    unique_worker_id as worker_id,
    employment_status,
    staff_group,
    main_job_role,
    start_date,
    leaving_date,
    contracted_hours,
    average_hours,
    absent_from,
    absent_to
from {{ latest_version(source('raw', 'staff')) }}
