with limits as (
    select
        code,
        cast(from_code as integer) as minutes
    from {{ ref('core__return_code') }}
    where return_id = 'cqc_pir' and code in ('short_visit_minutes', 'late_visit_minutes')
),

roles as (
    select
        case state when 'made' then 'visits_28' else 'missed_28' end as cell_id,
        visit.*
    from {{ ref('agg__visit_28_days') }} as visit
    where visit.state in ('made', 'missed')

    union all

    select
        'short_visits' as cell_id,
        visit.*
    from {{ ref('agg__visit_28_days') }} as visit
    inner join limits on limits.code = 'short_visit_minutes' and visit.minutes_there < limits.minutes
    where visit.state = 'made'

    union all

    select
        'late_28' as cell_id,
        visit.*
    from {{ ref('agg__visit_28_days') }} as visit
    inner join limits on limits.code = 'late_visit_minutes' and visit.minutes_late > limits.minutes
    where visit.state = 'made'
)

select
    'cqc_pir' as return_id,
    roles.location_id as submitter_id,
    'visits' as measure,
    roles.cell_id,
    roles.person_key,
    roles.event_key,
    roles.record_key,
    'numerator' as role,
    cast(null as string) as reason,
    roles.evidence,
    cast(1 as decimal(18, 4)) as quantity,
    roles.visit_date
from roles
inner join {{ ref('agg__location_registered_now') }} as location on roles.location_id = location.location_id
where location.care_setting = 'home_care'
