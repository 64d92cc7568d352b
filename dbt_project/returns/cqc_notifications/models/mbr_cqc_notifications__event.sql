with roles as (
    select
        listing.*,
        'type.' || listing.notification_type as cell_id,
        case listing.state when 'open' then 'numerator' when 'excluded' then 'excluded' else 'population' end as role
    from {{ ref('cqc_notifications__listing') }} as listing
    where listing.notification_type not in ('uncoded', 'code_not_known', 'not_notifiable')

    union all

    select
        listing.*,
        'list.' || listing.state as cell_id,
        'numerator' as role
    from {{ ref('cqc_notifications__listing') }} as listing
    where listing.state <> 'excluded'

    union all

    select
        listing.*,
        'list.found' as cell_id,
        'numerator' as role
    from {{ ref('cqc_notifications__listing') }} as listing
    where listing.state <> 'excluded'
)

select
    'cqc_notifications' as return_id,
    submitter_id,
    'notification' as measure,
    cell_id,
    person_key,
    event_code as event_key,
    record_key,
    role,
    case when role = 'numerator' then cast(null as string) else reason end as reason,
    evidence,
    cast(case when role = 'numerator' then 1 else 0 end as decimal(18, 4)) as quantity,
    notification_type,
    certainty,
    location_basis
from roles
