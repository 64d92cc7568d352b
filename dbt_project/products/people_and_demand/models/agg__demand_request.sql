-- Requests that began in the twelve months up to the as-at day, by how they came and what happened next.
with requests as (
    select
        coalesce(event.request_route_of_access, 'not_known') as route,
        coalesce(event.event_outcome, 'not_known') as outcome
    from {{ ref('core__council_event') }} as event
    cross join {{ ref('stg_run__parameters') }} as run
    where
        event.event_type = 'Request'
        and coalesce(event.event_status, 'not recorded') <> 'cancelled'
        and event.event_start_date <= run.as_at_date
        and event.event_start_date > {{ add_months('run.as_at_date', -12) }}
)

select
    coalesce(route, 'Total') as route,
    coalesce(outcome, 'Total') as outcome,
    count(*) as requests
from requests
group by grouping sets ((route, outcome), (route), (outcome), ())
having count(*) > 0
