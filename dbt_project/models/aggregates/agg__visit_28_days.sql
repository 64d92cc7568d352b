-- The 28 whole days before the as-at day, so that every visit of the last of them is over.
with recent as (
    select
        visit.event_key,
        visit.record_key,
        visit.person_key,
        visit.location_id,
        visit.visit_date,
        visit.visit_status,
        case
            when visit.visit_status in ('cancelled', 'entered-in-error') then visit.visit_status
            when visit.actual_start is not null or visit.visit_status = 'finished' then 'made'
            when visit.visit_status in ('unknown', 'onleave') then visit.visit_status
            when visit.planned_start is not null then 'missed'
            else 'not_planned'
        end as state,
        case when visit.actual_start is not null and visit.actual_end is not null
            then {{ minutes_between('visit.actual_start', 'visit.actual_end') }}
        end as minutes_there,
        case when visit.planned_start is not null and visit.actual_start is not null
            then {{ minutes_between('visit.planned_start', 'visit.actual_start') }}
        end as minutes_late
    from {{ ref('core__visit') }} as visit
    cross join {{ ref('stg_run__parameters') }} as run
    where
        visit.visit_date < run.as_at_date
        and visit.visit_date >= {{ add_days('run.as_at_date', -28) }}
)

select
    event_key,
    record_key,
    person_key,
    location_id,
    visit_date,
    state,
    cast(minutes_there as decimal(18, 4)) as minutes_there,
    cast(minutes_late as decimal(18, 4)) as minutes_late,
    'day ' || cast(visit_date as string) || ', status ' || coalesce(visit_status, 'not recorded') as evidence
from recent
