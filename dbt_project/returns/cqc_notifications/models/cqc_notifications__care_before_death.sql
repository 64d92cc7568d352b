-- When the person last left the location before the death, and whether they came back.
with moves as (
    select
        death.person_key,
        stay.location_id,
        max(case when stay.event_kind = 'discharge' then stay.happened_at end) as left_at,
        max(case when stay.event_kind = 'discharge' then stay.event_date end) as left_on,
        max(case when stay.event_kind = 'admission' then stay.happened_at end) as came_at
    from {{ ref('cqc_notifications__death') }} as death
    inner join {{ ref('core__stay_event') }} as stay
        on death.person_key = stay.person_key and death.judged_on > stay.event_date
    left join {{ ref('core__death_report') }} as died on stay.record_key = died.record_key
    where died.record_key is null
    group by death.person_key, stay.location_id
)

select
    death.person_key,
    death.judged_on,
    service.location_id,
    service.sender_id,
    service.record_key,
    service.service_start_date,
    service.care_setting = 'care_home' and service.may_be_regulated as in_regulated_home,
    case
        when
            moves.left_on >= service.service_start_date
            and (moves.came_at is null or moves.came_at <= moves.left_at)
            and (service.service_end_date is null or service.service_end_date > moves.left_on)
            then moves.left_on
        else service.service_end_date
    end as ended_on
from {{ ref('cqc_notifications__death') }} as death
inner join {{ ref('core__service_episode') }} as service
    on
        death.person_key = service.person_key
        and not service.entered_in_error
        and service.location_id is not null
        and (service.service_start_date is null or death.judged_on >= service.service_start_date)
left join moves on death.person_key = moves.person_key and service.location_id = moves.location_id
