-- Each package beside the visits of the seven whole days before the as-at day.
with visits as (
    select
        recent.person_key,
        recent.location_id,
        count(*) as visits_planned,
        cast(sum(case when recent.state = 'made' then 1 else 0 end) as bigint) as visits_made,
        sum(
            case when visit.planned_end > visit.planned_start
                then {{ minutes_between('visit.planned_start', 'visit.planned_end') }}
            end
        ) as planned_minutes,
        sum(case when recent.state = 'made' then recent.minutes_there end) as delivered_minutes
    from {{ ref('agg__visit_28_days') }} as recent
    inner join {{ ref('core__visit') }} as visit on recent.event_key = visit.event_key
    cross join {{ ref('stg_run__parameters') }} as run
    where
        recent.visit_date >= {{ add_days('run.as_at_date', -7) }}
        and recent.person_key is not null
        and recent.state <> 'entered-in-error'
    group by recent.person_key, recent.location_id
),

weeks as (
    select
        package.person_key,
        package.location_id,
        coalesce(location.location_name, package.location_id) as location_name,
        package.known_to,
        package.commissioned_hours,
        package.provider_hours,
        {{ quotient('visits.planned_minutes', '60') }} as planned_hours,
        {{ quotient('visits.delivered_minutes', '60') }} as delivered_hours,
        visits.visits_planned,
        visits.visits_made,
        package.commissioned_cost,
        package.provider_cost
    from {{ ref('agg__package') }} as package
    left join {{ ref('core__location') }} as location on package.location_id = location.location_id
    left join visits on package.person_key = visits.person_key and package.location_id = visits.location_id
)

select
    person_key,
    location_id,
    location_name,
    known_to,
    commissioned_hours,
    provider_hours,
    planned_hours,
    delivered_hours,
    visits_planned,
    visits_made,
    commissioned_cost,
    provider_cost,
    case
        when known_to = 'provider_only' then 'not commissioned'
        when commissioned_hours is null or commissioned_hours = 0 then 'not by the hour'
        when visits_planned is null then 'no visits recorded'
        when coalesce(delivered_hours, 0) < 0.5 * commissioned_hours then 'under half'
        when delivered_hours < 0.8 * commissioned_hours then 'half to under 80%'
        when delivered_hours < 0.95 * commissioned_hours then '80% to under 95%'
        when delivered_hours <= 1.05 * commissioned_hours then '95% to 105%'
        else 'over 105%'
    end as delivered_band,
    case
        when known_to <> 'both' or commissioned_cost is null or provider_cost is null then 'cannot be compared'
        when commissioned_cost = provider_cost then 'the same'
        when provider_cost > commissioned_cost then 'higher with the provider'
        else 'higher with the council'
    end as cost_agreement
from weeks
