select
    sender.submitter_id,
    link.person_key,
    link.number_state,
    carer.record_key,
    carer.sender_id,
    carer.source_class,
    carer.person_record_key,
    carer.la_code,
    carer.la_person_unique_identifier,
    carer.gp_practice_name,
    carer.gp_practice_code,
    {%- for column in cld_restricted_columns() %}
    carer.has_{{ column }},
    {%- endfor %}
    {%- for column in cld_person_codes() %}
    carer.{{ column }},
    {%- endfor %}
    carer.total_hrs_caring_per_week,
    carer.no_of_adults_being_cared_for,
    carer.adult_1_linked_person_id,
    carer.adult_2_linked_person_id,
    carer.adult_3_linked_person_id
from {{ ref('stg_cld__carer') }} as carer
left join {{ ref('core__council_sender') }} as sender
    on carer.sender_id = sender.sender_id
left join {{ ref('stg_identity__link') }} as link
    on carer.person_record_key = link.person_record_key
