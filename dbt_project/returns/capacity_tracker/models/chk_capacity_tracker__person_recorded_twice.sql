select
    'capacity_tracker.person_recorded_twice' as rule_id,
    person.location_id as submitter_id,
    person.record_key,
    'subject_of_care' as field,
    cast(person.open_records as string) || ' person records' as value_seen,
    'one person, counted once: ' || person.evidence as evidence
from {{ ref('agg__person_supported_now') }} as person
inner join {{ ref('agg__location_registered_now') }} as location on person.location_id = location.location_id
where person.is_supported and person.open_records > 1
