-- Which record stands in which cell: one row per record and cell, excluded records with their reason.
with record as (
    select
        record.*,
        long_term.code as long_term_support
    from {{ ref('agg__cld_record') }} as record
    left join {{ ref('core__return_code') }} as long_term
        on
            long_term.return_id = 'cld'
            and long_term.code_set = 'long_term_support'
            and lower(trim(record.service_type)) = lower(long_term.from_code)
),

placed as (
    {%- for measure, cell, condition in [
        ('rows', "'rows.total'", 'true'),
        ('rows', "'rows.' || lower(event_type)", 'event_type is not null'),
        ('rows', "'rows.carer_known_by_association'", 'event_type is null'),
        ('people', "'people.total'", 'true'),
        ('people', "'people.service_user'", cld_says('client_type', 'Service user')),
        ('people', "'people.unpaid_carer'", cld_says('client_type', 'Unpaid carer')),
        ('people', "'people.long_term_support.' || long_term_support", 'long_term_support is not null'),
    ] %}
    select
        '{{ measure }}' as measure,
        {{ cell }} as cell_id,
        record.*
    from record
    where {{ condition }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    'cld' as return_id,
    submitter_id,
    measure,
    cell_id,
    person_key,
    case when event_type is not null then record_key end as event_key,
    record_key,
    case when exclusion is null then 'numerator' else 'excluded' end as role,
    exclusion as reason,
    evidence,
    cast(1 as decimal(18, 4)) as quantity,
    event_type,
    client_type,
    service_type
from placed
