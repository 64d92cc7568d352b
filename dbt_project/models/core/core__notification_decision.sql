select
    report.record_key,
    report.sender_id,
    report.record_uid,
    report.known_on,
    report.person_record_key,
    link.person_key,
    report.work_list_code,
    report.notification_type,
    report.event_record,
    report.outcome,
    report.location_id,
    report.decision,
    report.decided_on,
    report.cqc_reference
from {{ ref('stg_mods__notification_decision') }} as report
left join {{ ref('stg_identity__link') }} as link on report.person_record_key = link.person_record_key
