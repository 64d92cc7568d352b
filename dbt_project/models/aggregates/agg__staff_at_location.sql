with judged as (
    select
        staff.*,
        case
            when staff.employment_class = 'other' then 'employment_status_other'
            when staff.start_date > run.as_at_date then 'not_started'
            when staff.leaving_date <= run.as_at_date then 'left'
        end as reason,
        staff.absent_from <= run.as_at_date
        and (staff.absent_to is null or staff.absent_to >= run.as_at_date) as in_absence
    from {{ ref('core__staff_member') }} as staff
    cross join {{ ref('stg_run__parameters') }} as run
),

-- A headcount: a worker with two records in one group at one location is one head, absent if either record says so.
counted as (
    select
        *,
        row_number() over (
            partition by location_id, sender_id, worker_id, staff_group, employment_class
            order by
                case when reason is null then 0 else 1 end asc nulls last,
                case when in_absence then 0 else 1 end asc nulls last,
                record_key asc nulls last
        ) as record_of_worker
    from judged
)

select
    record_key,
    location_id,
    worker_id,
    employment_class,
    staff_group,
    coalesce(reason, case when record_of_worker > 1 then 'another_record_of_the_worker' end) is null as is_present,
    coalesce(reason, case when record_of_worker > 1 then 'another_record_of_the_worker' end) as reason,
    coalesce(in_absence, false) as is_absent,
    'employment_status ' || coalesce(employment_status, 'not recorded')
    || case reason
        when 'not_started' then ', start_date ' || cast(start_date as string)
        when 'left' then ', leaving_date ' || cast(leaving_date as string)
        else ''
    end as evidence
from counted
