with placed as (
    select
        event.*,
        place.location_id as submitter_id,
        place.location_basis,
        {{ coded_id('cqc_notifications', "event.event_key || ':' || place.location_id") }} as event_code,
        {{ coded_id('cqc_notifications', 'event.person_key') }} as person_code
    from {{ ref('cqc_notifications__event') }} as event
    inner join {{ ref('cqc_notifications__place') }} as place on event.event_key = place.event_key
)

select
    placed.submitter_id,
    placed.event_code,
    placed.event_key,
    placed.notification_type,
    placed.what,
    placed.certainty,
    placed.excluded_for,
    case
        when placed.excluded_for is not null then 'excluded'
        when placed.event_date > run.as_at_date and placed.what <> 'authorisation' then 'excluded'
        when decided.decision in ('sent', 'not_notifiable') then decided.decision
        else 'open'
    end as state,
    case
        when placed.excluded_for is not null then placed.excluded_for
        when placed.event_date > run.as_at_date and placed.what <> 'authorisation' then 'after_the_day'
        when decided.decision in ('sent', 'not_notifiable') then decided.decision
    end as reason,
    placed.person_key,
    placed.person_code,
    placed.sender_id,
    placed.record_key,
    placed.event_date,
    placed.known_on,
    case when placed.event_date <= run.as_at_date then {{ days_between('placed.event_date', 'run.as_at_date') }} end
        as days_since_event,
    case
        when placed.known_on <= run.as_at_date then {{ days_between('placed.known_on', 'run.as_at_date') }}
        else 0
    end as days_since_known,
    placed.outcome,
    placed.begins_on,
    placed.code_set,
    placed.still_recorded,
    placed.location_basis,
    placed.evidence,
    decided.decided_on,
    decided.cqc_reference,
    run.as_at_date
from placed
cross join {{ ref('stg_run__parameters') }} as run
left join {{ ref('cqc_notifications__decided') }} as decided on placed.event_code = decided.event_code
