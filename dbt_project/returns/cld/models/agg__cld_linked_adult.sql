-- The people a carer is said to care for, and whether they are in the file as service users.
with linked as (
    {%- for number in [1, 2, 3] %}
    select
        submitter_id,
        la_person_unique_identifier,
        record_key,
        'Adult {{ number }} Linked Person_ID' as field,
        lower(trim(adult_{{ number }}_linked_person_id)) as linked_person_id
    from {{ ref('agg__cld_row') }}
    where adult_{{ number }}_linked_person_id is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

carer as (
    select
        submitter_id,
        la_person_unique_identifier,
        field,
        linked_person_id,
        min(record_key) as record_key
    from linked
    group by submitter_id, la_person_unique_identifier, field, linked_person_id
),

service_user as (
    select distinct
        submitter_id,
        lower(trim(la_person_unique_identifier)) as local_person_id
    from {{ ref('agg__cld_row') }}
    where {{ cld_says('client_type', 'Service user') }}
)

select
    carer.submitter_id,
    carer.record_key,
    carer.field,
    service_user.local_person_id is not null as is_in_file
from carer
left join service_user
    on
        carer.submitter_id = service_user.submitter_id
        and carer.linked_person_id = service_user.local_person_id
