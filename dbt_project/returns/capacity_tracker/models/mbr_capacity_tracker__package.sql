-- A package is one person's care at one home care location: it ran in the month when a service of it did, to the day.
-- It was handed back when a service ended in the month in words that say so and nothing there is open any more.
with services as (
    select
        service.person_key,
        service.location_id,
        service.record_key,
        service.service_end_date,
        person.death_date,
        case
            when service.service_end_date is null or service.service_end_date > run.as_at_date then 'not_ended'
            when handed_back.code is not null then 'handed_back'
            when service.end_reason is null then 'end_reason_not_recorded'
            else 'ended_for_another_reason'
        end as ending,
        coalesce(person.death_date < month.period_start, false) as died_before
    from {{ ref('core__service_episode') }} as service
    cross join {{ ref('stg_run__parameters') }} as run
    inner join {{ ref('stg_run__return') }} as month on month.return_id = 'capacity_tracker'
    left join {{ ref('core__person') }} as person on service.person_key = person.person_key
    left join {{ ref('core__value_set') }} as handed_back
        on
            lower(trim(service.end_reason)) = handed_back.code
            and handed_back.code_list = 'end_reason'
            and handed_back.value_set = 'package_handed_back'
    where
        service.person_key is not null
        and service.care_setting = 'home_care'
        and service.may_be_regulated
        and not service.entered_in_error
        and service.service_start_date <= run.as_at_date
        and (service.service_end_date is null or service.service_end_date >= month.period_start)
        and (service.service_end_date is null or service.service_end_date >= service.service_start_date)
),

-- What is open comes before what was handed back, and that before an end nobody gave a reason for.
ranked as (
    select
        *,
        row_number() over (
            partition by person_key, location_id
            order by
                case ending
                    when 'not_ended' then 1
                    when 'handed_back' then 2
                    when 'end_reason_not_recorded' then 3
                    else 4
                end asc nulls last,
                record_key asc nulls last
        ) as deciding
    from services
)

select
    'capacity_tracker' as return_id,
    ranked.location_id as submitter_id,
    'package' as measure,
    'poc_returned' as cell_id,
    ranked.person_key,
    ranked.record_key as event_key,
    ranked.record_key,
    case
        when ranked.died_before then 'excluded'
        when ranked.ending = 'handed_back' then 'numerator'
        else 'denominator'
    end as role,
    case
        when ranked.died_before then 'died'
        when ranked.ending <> 'handed_back' then ranked.ending
    end as reason,
    case
        when ranked.died_before then 'death_date ' || cast(ranked.death_date as string)
        when ranked.service_end_date is null then 'no service_end_date'
        else 'service_end_date ' || cast(ranked.service_end_date as string)
    end as evidence,
    cast(case when ranked.died_before then 0 else 1 end as decimal(18, 4)) as quantity,
    location.care_setting,
    ranked.ending
from ranked
inner join {{ ref('agg__location_registered_now') }} as location on ranked.location_id = location.location_id
where ranked.deciding = 1
