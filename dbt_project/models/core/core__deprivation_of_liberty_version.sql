select
    report.record_key,
    report.sender_id,
    report.record_uid,
    report.known_on,
    report.person_record_key,
    link.person_key,
    report.version_key,
    report.is_newest,
    report.location_id,
    report.application_date,
    report.application_status,
    report.authorised_from,
    report.authorised_to
from {{ ref('stg_mods__deprivation_of_liberty_version') }} as report
left join {{ ref('stg_identity__link') }} as link on report.person_record_key = link.person_record_key
