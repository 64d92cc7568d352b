select
    person_record_key,
    sender_id,
    local_person_id,
    source_class,
    person_key,
    person_kind,
    stage,
    rule,
    evidence,
    number_state
from {{ source('raw', 'person_link') }}
