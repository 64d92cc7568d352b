with written as (
    select
        version.*,
        lower(trim(version.coded_value)) as whole,
        {{ snomed_code('version.coded_value') }} as concept,
        '|' || replace(lower(version.informed), ' ', '') || '|' as told
    from {{ ref('core__incident_version') }} as version
),

coded as (
    select distinct
        written.version_key,
        code.code_set,
        code.notification_type
    from written
    inner join {{ ref('cqc_notifications__code') }} as code
        on
            code.notification_type is not null
            and (written.whole = code.code or written.concept = code.code)
),

detained as (
    select distinct written.version_key
    from written
    inner join {{ ref('cqc_notifications__detained') }} as detained
        on
            written.person_key = detained.person_key
            and written.incident_date >= detained.section_from
            and (detained.section_to is null or written.incident_date <= detained.section_to)
),

police as (
    select distinct written.version_key
    from written
    inner join {{ ref('cqc_notifications__code') }} as code
        on code.code_set = 'police' and written.told like '%|' || code.code || '|%'
),

typed as (
    select
        written.*,
        coded.code_set,
        case
            when coded.notification_type in ('serious_injury', 'abuse') then coded.notification_type
            when coded.notification_type = 'detained_death_or_absence' and detained.version_key is not null
                then 'detained_death_or_absence'
            when police.version_key is not null then 'police'
            when written.whole is null then 'uncoded'
            when coded.notification_type is null then 'code_not_known'
            else 'not_notifiable'
        end as notification_type
    from written
    left join coded on written.version_key = coded.version_key
    left join detained on written.version_key = detained.version_key
    left join police on written.version_key = police.version_key
)

select
    record_key,
    notification_type,
    min(sender_id) as sender_id,
    min(person_record_key) as person_record_key,
    {{ person_of_rows() }} as person_key,
    coalesce(min(case when is_newest then incident_date end), min(incident_date)) as event_date,
    min(known_on) as known_on,
    min(service_provider) as recorded_location,
    min(code_set) as code_set,
    max(case when is_newest then 1 else 0 end) = 1 as still_recorded,
    max(coded_value) as coded_value
from typed
group by record_key, notification_type
