with events as (
    select
        record_key,
        sender_id,
        person_record_key,
        location_id,
        'admission' as event_kind,
        admitted_at as happened_at
    from {{ ref('stg_mods__admission') }}
    union all
    select
        record_key,
        sender_id,
        person_record_key,
        location_id,
        'discharge' as event_kind,
        discharged_at as happened_at
    from {{ ref('stg_mods__discharge') }}
)

select
    events.record_key as event_key,
    events.record_key,
    events.sender_id,
    events.person_record_key,
    link.person_key,
    events.location_id,
    events.event_kind,
    events.happened_at,
    {{ england_date('events.happened_at') }} as event_date
from events
left join {{ ref('stg_identity__link') }} as link on events.person_record_key = link.person_record_key
