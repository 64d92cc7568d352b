select
    'cqc_notifications' as return_id,
    submitter_id,
    'form_field' as measure,
    cell_id,
    person_key,
    event_code as event_key,
    record_key,
    case when content is null then 'denominator' else 'numerator' end as role,
    case when content is null then 'a_person_fills_it_in' end as reason,
    'form of notification ' || event_code as evidence,
    cast(1 as decimal(18, 4)) as quantity,
    form_id
from {{ ref('cqc_notifications__form_field') }}
