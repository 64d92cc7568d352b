select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _sender_id || ':' || subject_of_care as person_record_key,
    record_uid,
    version_number,
    vaccine_product as vaccine_product_code,
    vaccine_procedure as vaccine_procedure_code,
    coalesce(not_given_flag, 'No') = 'Yes' as not_given,
    date as vaccinated_on
from {{ latest_version(source('raw', 'vaccination')) }}
