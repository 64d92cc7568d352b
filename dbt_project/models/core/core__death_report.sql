with reports as (
    select
        version_key as report_key,
        record_key,
        sender_id,
        person_record_key,
        'record' as report_kind,
        death_date,
        cast(null as string) as location_id,
        known_on,
        is_newest
    from {{ ref('stg_mods__deceased_version') }}
    union all
    select
        version_key as report_key,
        record_key,
        sender_id,
        person_record_key,
        'discharge' as report_kind,
        death_date,
        location_id,
        known_on,
        true as is_newest
    from {{ ref('stg_mods__died_discharge_version') }}
    union all
    select
        answer.record_key as report_key,
        answer.record_key,
        link.sender_id,
        answer.person_record_key,
        'trace' as report_kind,
        case when person.death_source = 'pds' then person.death_date end as death_date,
        cast(null as string) as location_id,
        answer.known_on,
        true as is_newest
    from {{ ref('stg_pds__death_answer') }} as answer
    inner join {{ ref('stg_identity__link') }} as link on answer.person_record_key = link.person_record_key
    inner join {{ ref('stg_identity__person') }} as person on link.person_key = person.person_key
    -- An answer whose date the index did not take says nothing of this person.
    where person.death_source = 'pds'
)

select
    reports.report_key,
    reports.record_key,
    reports.sender_id,
    reports.person_record_key,
    link.person_key,
    reports.report_kind,
    reports.death_date,
    reports.location_id,
    reports.known_on,
    reports.is_newest
from reports
left join {{ ref('stg_identity__link') }} as link on reports.person_record_key = link.person_record_key
