with present as (
    select
        'staff_employed' as cell_id,
        location_id,
        record_key,
        case when is_present then 'numerator' else 'excluded' end as role,
        reason,
        evidence,
        staff_group
    from {{ ref('agg__staff_at_location') }}
    where employment_class = 'directly_employed' and staff_group in ('nurse', 'care')
),

-- A worker who left is counted once, by the first of the records that say so.
gone as (
    select
        staff.*,
        row_number() over (
            partition by staff.location_id, staff.sender_id, staff.worker_id
            order by staff.record_key asc nulls last
        ) as record_of_worker
    from {{ ref('core__staff_member') }} as staff
    inner join {{ ref('stg_run__return') }} as run_return
        on
            run_return.return_id = 'cqc_pir'
            and staff.leaving_date >= run_return.period_start
            and staff.leaving_date <= run_return.period_end
    where staff.employment_class = 'directly_employed'
),

roles as (
    select *
    from present
    union all
    select
        'staff_leavers' as cell_id,
        location_id,
        record_key,
        'numerator' as role,
        cast(null as string) as reason,
        'leaving_date ' || cast(leaving_date as string) as evidence,
        staff_group
    from gone
    where record_of_worker = 1
)

select
    'cqc_pir' as return_id,
    roles.location_id as submitter_id,
    'staff' as measure,
    roles.cell_id,
    cast(null as string) as person_key,
    roles.record_key as event_key,
    roles.record_key,
    roles.role,
    roles.reason,
    roles.evidence,
    cast(case when roles.role = 'numerator' then 1 else 0 end as decimal(18, 4)) as quantity,
    roles.staff_group
from roles
inner join {{ ref('agg__location_registered_now') }} as location on roles.location_id = location.location_id
