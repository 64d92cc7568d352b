{%- set classes = {
    'cld_request': 'Request', 'cld_assessment': 'Assessment', 'cld_service': 'Service', 'cld_review': 'Review'
} -%}
{%- set codes = cld_event_codes() -%}
{%- set texts = cld_event_texts() -%}
with staged as (
    {%- for class, event_type in classes.items() %}
    select
        record_key,
        sender_id,
        source_class,
        person_record_key,
        '{{ event_type }}' as event_type,
        la_code,
        la_person_unique_identifier,
        gp_practice_name,
        gp_practice_code,
        {%- for column in cld_restricted_columns() %}
        has_{{ column }},
        {%- endfor %}
        {%- for column in cld_person_codes() %}
        {{ column }},
        {%- endfor %}
        event_reference,
        event_start_date,
        event_end_date,
        has_event_description,
        event_status,
        {%- for owner in classes %}
        {%- for column in codes[owner] + texts.get(owner, []) %}
        {{ column if owner == class else 'cast(null as ' ~ dbt.type_string() ~ ') as ' ~ column }},
        {%- endfor %}
        {%- endfor %}
        event_outcome
    from {{ ref('stg_' ~ class | replace('cld_', 'cld__')) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    sender.submitter_id,
    link.person_key,
    link.number_state,
    staged.*
from staged
left join {{ ref('core__council_sender') }} as sender
    on staged.sender_id = sender.sender_id
left join {{ ref('stg_identity__link') }} as link
    on staged.person_record_key = link.person_record_key
