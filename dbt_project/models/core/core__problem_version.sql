select
    report.record_key,
    report.sender_id,
    report.record_uid,
    report.known_on,
    report.person_record_key,
    link.person_key,
    report.version_key,
    report.is_newest,
    report.coded_value,
    report.onset_date
from {{ ref('stg_mods__problem_version') }} as report
left join {{ ref('stg_identity__link') }} as link on report.person_record_key = link.person_record_key
