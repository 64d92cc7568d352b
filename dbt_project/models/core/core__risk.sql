select
    report.record_key,
    report.sender_id,
    report.person_record_key,
    link.person_key,
    report.risk_category,
    report.started_at,
    report.ended_at
from {{ ref('stg_mods__risk') }} as report
left join {{ ref('stg_identity__link') }} as link on report.person_record_key = link.person_record_key
