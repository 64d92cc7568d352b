-- Where an event belongs: the location its record names; else where the person had care that day; else wherever the
-- sender cared for the person; else every location of the sender. Nobody drops an event for want of a place.
with event as (
    select
        *,
        coalesce(event_date, known_on) as judged_on
    from {{ ref('cqc_notifications__event') }}
),

recorded as (
    select
        event.event_key,
        event.location_id,
        1 as preference
    from event
    inner join {{ ref('core__submitter') }} as submitter
        on event.location_id = submitter.submitter_id and submitter.submitter_kind = 'location'
),

served as (
    select distinct
        event.event_key,
        service.location_id,
        case
            when
                (service.service_start_date is null or service.service_start_date <= event.judged_on)
                and (service.service_end_date is null or service.service_end_date >= event.judged_on) then 2
            else 3
        end as preference
    from event
    inner join {{ ref('core__service_episode') }} as service
        on
            event.person_key = service.person_key
            and event.sender_id = service.sender_id
            and not service.entered_in_error
            and service.location_id is not null
    where event.what <> 'death'
),

of_sender as (
    select
        event.event_key,
        location.location_id,
        4 as preference
    from event
    inner join {{ ref('core__location') }} as location on event.sender_id = location.sender_id
),

possible as (
    select
        event_key,
        location_id,
        preference
    from recorded
    union all
    select
        event_key,
        location_id,
        preference
    from served
    union all
    select
        event_key,
        location_id,
        preference
    from of_sender
),

best as (
    select
        event_key,
        location_id,
        min(preference) over (partition by event_key) as best_preference,
        preference
    from possible
)

select distinct
    event_key,
    location_id,
    case best_preference
        when 1 then 'named'
        when 2 then 'in care there that day'
        when 3 then 'in care there at another time'
        else 'any location of the sender'
    end as location_basis
from best
where preference = best_preference
