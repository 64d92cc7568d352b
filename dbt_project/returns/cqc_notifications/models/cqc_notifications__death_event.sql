with at_location as (
    select
        death.*,
        place.location_id,
        place.sender_id as place_sender_id,
        place.service_record_key,
        place.certainty,
        place.standing
    from {{ ref('cqc_notifications__death') }} as death
    inner join {{ ref('cqc_notifications__death_at_location') }} as place on death.person_key = place.person_key
    union all
    -- A person of a provider that sent no service of theirs: nobody can tell from here, so somebody must.
    select
        death.*,
        cast(null as string) as location_id,
        death.sender_id as place_sender_id,
        cast(null as string) as service_record_key,
        'to_decide' as certainty,
        'no service record' as standing
    from {{ ref('cqc_notifications__death') }} as death
    left join {{ ref('cqc_notifications__death_at_location') }} as place on death.person_key = place.person_key
    left join {{ ref('core__service_episode') }} as service on death.person_key = service.person_key
    where
        place.person_key is null and service.person_key is null and death.sender_id is not null
        and death.still_recorded
),

detained as (
    select distinct death.person_key
    from {{ ref('cqc_notifications__death') }} as death
    inner join {{ ref('cqc_notifications__detained') }} as section
        on
            death.person_key = section.person_key
            and death.judged_on >= section.section_from
            and (section.section_to is null or death.judged_on <= section.section_to)
)

select
    'death:' || death.person_key || ':' || coalesce(death.location_id, '') as event_key,
    case when detained.person_key is null then 'death' else 'detained_death_or_absence' end as notification_type,
    'death' as what,
    death.place_sender_id as sender_id,
    -- The location's own record leads its reader to the person; who else said so stands in the evidence.
    coalesce(death.service_record_key, death.record_key) as record_key,
    death.person_key,
    death.location_id,
    death.death_date as event_date,
    death.known_on,
    case when detained.person_key is not null and death.certainty = 'excluded' then 'to_decide' else death.certainty end
        as certainty,
    case when death.certainty = 'excluded' and detained.person_key is null then 'died_after_care_ended' end
        as excluded_for,
    cast(null as string) as outcome,
    cast(null as string) as code_set,
    death.death_date as begins_on,
    death.still_recorded,
    death.evidence || ', ' || death.standing as evidence
from at_location as death
left join detained on death.person_key = detained.person_key
