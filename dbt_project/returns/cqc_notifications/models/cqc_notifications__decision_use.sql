-- A decision names the code of the work list; or the type with the record (and outcome), or the person who died.
with decision as (
    select decision.*
    from {{ ref('core__notification_decision') }} as decision
    cross join {{ ref('stg_run__parameters') }} as run
    where decision.decided_on <= run.as_at_date
),

listed as (
    select
        event.notification_type,
        event.what,
        event.sender_id,
        event.record_key,
        event.person_key,
        event.outcome,
        event.begins_on,
        place.location_id,
        {{ coded_id('cqc_notifications', "event.event_key || ':' || place.location_id") }} as event_code
    from {{ ref('cqc_notifications__event') }} as event
    inner join {{ ref('cqc_notifications__place') }} as place on event.event_key = place.event_key
),

by_code as (
    select
        listed.event_code,
        decision.record_key
    from listed
    inner join decision on listed.event_code = upper(decision.work_list_code)
),

by_record as (
    select
        listed.event_code,
        decision.record_key
    from listed
    inner join decision
        on
            listed.notification_type = decision.notification_type
            and listed.sender_id = decision.sender_id
            and (
                listed.record_key = decision.event_record
                or listed.record_key = decision.sender_id || ':' || decision.event_record
            )
    where
        decision.work_list_code is null
        and listed.what <> 'death'
        and (decision.location_id is null or decision.location_id = listed.location_id)
        -- One record may be granted twice: a decision is about what had begun when it was taken.
        and (
            listed.what <> 'authorisation'
            or (
                lower(trim(decision.outcome)) = replace(listed.outcome, '_', ' ')
                and (listed.begins_on is null or listed.begins_on <= decision.decided_on)
            )
        )
),

by_person as (
    select
        listed.event_code,
        decision.record_key
    from listed
    inner join decision on listed.person_key = decision.person_key and listed.sender_id = decision.sender_id
    where
        decision.work_list_code is null
        and decision.event_record is null
        and decision.notification_type in ('death', 'detained_death_or_absence')
        and listed.what = 'death'
        and (decision.location_id is null or decision.location_id = listed.location_id)
),

used as (
    select
        event_code,
        record_key
    from by_code
    union
    select
        event_code,
        record_key
    from by_record
    union
    select
        event_code,
        record_key
    from by_person
)

select
    used.event_code,
    used.record_key,
    decision.decision,
    decision.decided_on,
    decision.cqc_reference
from used
inner join decision on used.record_key = decision.record_key
