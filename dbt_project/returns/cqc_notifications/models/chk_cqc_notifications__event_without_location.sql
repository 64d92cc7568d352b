-- A pack is written for the locations the settings name; an event listed at none of them would be read by nobody.
with read_somewhere as (
    select distinct listing.event_key
    from {{ ref('cqc_notifications__listing') }} as listing
    inner join {{ ref('stg_run__submitter') }} as submitter on listing.submitter_id = submitter.submitter_id
)

select
    'cqc_notifications.event_without_location' as rule_id,
    cast(null as string) as submitter_id,
    event.record_key,
    'location' as field,
    coalesce(event.location_id, 'not known') as value_seen,
    'no location that the settings name has the event on its list' as evidence
from {{ ref('cqc_notifications__event') }} as event
left join read_somewhere on event.event_key = read_somewhere.event_key
where read_somewhere.event_key is null and event.excluded_for is null
