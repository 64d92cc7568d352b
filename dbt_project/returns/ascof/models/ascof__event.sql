-- The joined main table with the texts that measures test in the form in which the official database compares them.
{%- set tested = ['client_type', 'service_type', 'service_component', 'delivery_mechanism', 'event_outcome'] %}
select
    event.la_code,
    event.la_name,
    {{ same_text('event.la_name') }} as la_name_key,
    event.person_key,
    event.la_person_unique_identifier,
    event.der_unique_record_id,
    event_type.measured_type,
    event.event_start_date,
    event.der_event_end_date,
    coalesce(event.der_event_end_date, cast('9999-01-01' as date)) as event_end_date,
    event.der_event_end_date is null or event.der_event_end_date >= event.event_start_date as ends_after_start,
    {%- for field in tested %}
    label_{{ field }}.label_key as {{ field }},
    {%- endfor %}
    event.event_outcome_hierarchy
from {{ ref('cld_main__event') }} as event
inner join {{ ref('cld_main__event_type') }} as event_type on event.event_type = event_type.event_type
{%- for field in tested %}
left join {{ ref('cld_main__label') }} as label_{{ field }}
    on label_{{ field }}.kind = 'label' and event.{{ field }}_label = label_{{ field }}.label_id
{%- endfor %}
where event.submission_set = 'joined' and event.event_start_date is not null
