-- Permanent and temporary stays cannot be told apart; the component keeps out what says it is short.
select
    event.la_code,
    event.la_name,
    event.person_key,
    person.person_id,
    event.la_person_unique_identifier,
    event.der_unique_record_id,
    event.event_start_date,
    event.der_event_end_date,
    person.death_date,
    event.service_component is null as lacks_component,
    coalesce(event.event_outcome = 'nfa: self-funded client or under 12wk disregard', false) as is_self_funded,
    {{ official_age('person.der_birth_date', 'event.event_start_date') }} as age_at_start
from {{ ref('ascof__event') }} as event
inner join {{ ref('cld_main__person_attribute') }} as person
    on event.la_code = person.la_code and event.person_key = person.person_key
where
    event.measured_type = 'service'
    and event.client_type = 'service user'
    and event.service_type in ('long term support: residential care', 'long term support: nursing care')
    and person.der_birth_date is not null
    and (
        event.service_component is null
        or (
            (event.service_component like '%residential%' or event.service_component like '%nursing%')
            and event.service_component not like '%short%'
        )
    )
