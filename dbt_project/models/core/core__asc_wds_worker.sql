with placed as (
    select
        sender_id,
        local_id,
        min(location_id) as location_id
    from {{ ref('core__asc_wds_workplace') }}
    where location_id is not null
    group by sender_id, local_id
)

select
    staff.record_key,
    staff.sender_id,
    staff.localestid as local_id,
    coalesce(placed.location_id, location.location_id) as location_id,
    staff.uniqueworkerid as worker_id,
    upper(staff.status) as change_status,
    staff.emplstatus as employment_status,
    staff.mainjobrole as main_job_role,
    coalesce(substring(role_group.value_set, 13), 'not_known') as staff_group,
    {{ british_date('staff.startdate') }} as start_date
from {{ ref('stg_asc_wds__staff') }} as staff
left join placed on staff.sender_id = placed.sender_id and staff.localestid = placed.local_id
left join {{ ref('core__location') }} as location on staff.localestid = location.location_id
left join {{ ref('core__value_set') }} as role_group
    on
        staff.mainjobrole = role_group.code
        and role_group.code_list = 'ascwds_job_role'
        and role_group.value_set like 'staff_group%'
