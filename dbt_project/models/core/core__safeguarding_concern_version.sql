select
    report.record_key,
    report.sender_id,
    report.record_uid,
    report.known_on,
    report.person_record_key,
    link.person_key,
    report.version_key,
    report.is_newest,
    report.concern_date,
    report.safeguarding_indicator,
    report.coded_value
from {{ ref('stg_mods__safeguarding_concern_version') }} as report
left join {{ ref('stg_identity__link') }} as link on report.person_record_key = link.person_record_key
