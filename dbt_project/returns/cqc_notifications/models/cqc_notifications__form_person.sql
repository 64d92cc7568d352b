-- What the forms ask about the person of an event, at one location and on the day of the event. What another organisation
-- recorded of the person is not the location's to tell.
with event as (
    select
        event_code,
        submitter_id,
        person_key,
        coalesce(event_date, known_on) as judged_on
    from {{ ref('cqc_notifications__listing') }}
    where state = 'open'
),

told_by as (
    select
        event.event_code,
        event.person_key,
        event.judged_on,
        own.sender_id
    from event
    inner join {{ ref('core__submitter_sender') }} as own on event.submitter_id = own.submitter_id
),

began as (
    select
        event.event_code,
        min(service.service_start_date) as began_on
    from event
    inner join {{ ref('core__service_episode') }} as service
        on
            event.person_key = service.person_key
            and event.submitter_id = service.location_id
            and not service.entered_in_error
            and event.judged_on >= service.service_start_date
    group by event.event_code
),

band as (
    select
        label,
        cast(from_code as integer) as from_age,
        lead(cast(from_code as integer)) over (order by cast(from_code as integer) asc nulls last) as below_age
    from {{ ref('cqc_notifications__code') }}
    where code_set = 'age_range'
),

aged as (
    select
        event.event_code,
        {{ age_at('person.birth_date', 'event.judged_on') }} as age
    from event
    inner join {{ ref('core__person') }} as person on event.person_key = person.person_key
    where person.birth_date is not null
),

planned as (
    select
        event.event_code,
        max(plan.decided_on) as decided_on
    from told_by as event
    inner join {{ ref('core__future_care_decision') }} as plan
        on
            event.person_key = plan.person_key
            and event.sender_id = plan.sender_id
            and plan.decision_kind in ('advance_statement', 'refusal_of_treatment')
            and event.judged_on >= plan.decided_on
    group by event.event_code
),

risks as (
    select
        event.event_code,
        count(*) as risks,
        max({{ england_date('risk.started_at') }}) as newest_risk
    from told_by as event
    inner join {{ ref('core__risk') }} as risk
        on
            event.person_key = risk.person_key
            and event.sender_id = risk.sender_id
            and event.judged_on >= {{ england_date('risk.started_at') }}
            and (risk.ended_at is null or event.judged_on <= {{ england_date('risk.ended_at') }})
    group by event.event_code
),

care_plans as (
    select
        event.event_code,
        max({{ england_date('coalesce(plan.updated_at, plan.completed_at)') }}) as newest_plan
    from told_by as event
    inner join {{ ref('core__care_plan') }} as plan
        on
            event.person_key = plan.person_key
            and event.sender_id = plan.sender_id
            and event.judged_on >= {{ england_date('coalesce(plan.updated_at, plan.completed_at)') }}
    group by event.event_code
)

select
    event.event_code,
    began.began_on,
    band.label as age_range,
    planned.decided_on as advance_plan_on,
    case
        when risks.event_code is not null
            then 'risks recorded and in force that day: ' || cast(risks.risks as string)
            || ', the newest from ' || cast(risks.newest_risk as string)
    end as risks,
    case when care_plans.event_code is not null then 'care plan of ' || cast(care_plans.newest_plan as string) end
        as care_plan
from event
left join began on event.event_code = began.event_code
left join aged on event.event_code = aged.event_code
left join band on aged.age >= band.from_age and (band.below_age is null or aged.age < band.below_age)
left join planned on event.event_code = planned.event_code
left join risks on event.event_code = risks.event_code
left join care_plans on event.event_code = care_plans.event_code
