select
    sender.submitter_id,
    counted.person_record_key,
    link.person_key,
    counted.record_key,
    counted.nhs_numbers,
    counted.birth_dates,
    count(*) over (partition by sender.submitter_id, link.person_key) as local_ids
from {{ ref('stg_cld__identifier_count') }} as counted
left join {{ ref('core__council_sender') }} as sender
    on counted.sender_id = sender.sender_id
left join {{ ref('stg_identity__link') }} as link
    on counted.person_record_key = link.person_record_key
