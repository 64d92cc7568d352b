-- The joined main table with the texts that measures test in the form in which the official database compares them.
select
    la_code,
    la_name,
    {{ same_text('la_name') }} as la_name_key,
    person_key,
    person_id,
    la_person_unique_identifier,
    der_unique_record_id,
    measured_type,
    event_start_date,
    der_event_end_date,
    coalesce(der_event_end_date, cast('9999-01-01' as date)) as event_end_date,
    der_event_end_date is null or der_event_end_date >= event_start_date as ends_after_start,
    {{ same_text('client_type_cleaned') }} as client_type,
    {{ same_text('service_type_cleaned') }} as service_type,
    {{ same_text('service_component_cleaned') }} as service_component,
    {{ same_text('delivery_mechanism_cleaned') }} as delivery_mechanism,
    {{ same_text('event_outcome_cleaned') }} as event_outcome,
    event_outcome_cleaned,
    event_outcome_hierarchy
from {{ ref('cld_main__event') }}
where submission_set = 'joined' and event_start_date is not null
