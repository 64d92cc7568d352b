{%- set identifying = {
    'NHS_Number': 'number.nhs_number', 'First_Name': 'newest.first_name', 'Last_Name': 'newest.last_name',
    'Date_of_Birth': 'newest.date_of_birth', 'Postcode': 'newest.postcode',
    'Event_Description': 'own.event_description'
} -%}
-- Restricted. The one model that joins identifying values back: the file as it is handed in.
select
    record.submitter_id,
    {%- for name, applies, mandatory in cld_fields() %}
    {{ identifying[name] ~ ' as ' ~ name | lower if name in identifying else 'record.' ~ name | lower }},
    {%- endfor %}
    record.record_key
from {{ ref('agg__cld_row') }} as record
left join {{ ref('stg_cld__person_identifier') }} as newest
    on record.newest_record_key = newest.record_key
left join {{ ref('stg_cld__person_identifier') }} as own
    on record.record_key = own.record_key
left join {{ ref('stg_cld__person_number') }} as number
    on record.person_key = number.person_key
