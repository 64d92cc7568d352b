-- Long-term support is looked up by person across councils; the event type is not asked for.
select
    period.period_id,
    event.person_key,
    event.service_type,
    event.event_start_date,
    event.event_end_date
from {{ ref('ascof__event') }} as event
inner join {{ ref('cld_main__person_attribute') }} as person
    on event.la_code = person.la_code and event.person_key = person.person_key
inner join {{ ref('stg_cld__method_period') }} as period
    on
        period.family = 'hospital'
        and (person.death_date is null or person.death_date >= period.period_start)
where event.client_type = 'service user' and event.ends_after_start and event.service_type like 'long%'
