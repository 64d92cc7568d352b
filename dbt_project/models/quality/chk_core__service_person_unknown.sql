select
    'core.service_person_unknown' as rule_id,
    location_id as submitter_id,
    record_key,
    'subject_of_care' as field,
    person_record_key as value_seen,
    'no person record of that id was received from the sender' as evidence
from {{ ref('core__service_episode') }}
where person_key is null and location_is_known
