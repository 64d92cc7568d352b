select
    report.record_key,
    report.sender_id,
    report.person_record_key,
    link.person_key,
    report.plan_status,
    report.completed_at,
    report.updated_at,
    report.planned_review_date
from {{ ref('stg_mods__care_plan') }} as report
left join {{ ref('stg_identity__link') }} as link on report.person_record_key = link.person_record_key
