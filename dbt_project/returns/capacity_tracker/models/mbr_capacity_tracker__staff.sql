with cell as (
    select
        code_set,
        code as cell_id,
        from_code as staff_group
    from {{ ref('core__return_code') }}
    where return_id = 'capacity_tracker' and from_list = 'ours_staff_group'
),

-- A worker of a status that is neither is shown beside the directly employed, as excluded.
staff as (
    select
        staff.*,
        location.care_setting,
        location.care_setting || '_'
        || case
            when staff.employment_class = 'other' then 'directly_employed' else staff.employment_class
        end as code_set
    from {{ ref('agg__staff_at_location') }} as staff
    inner join {{ ref('agg__location_registered_now') }} as location on staff.location_id = location.location_id
),

roles as (
    select
        staff.*,
        cell.cell_id,
        case when staff.is_present then 'numerator' else 'excluded' end as role,
        staff.reason as role_reason
    from staff
    inner join cell on staff.code_set = cell.code_set and staff.staff_group = cell.staff_group

    union all

    select
        staff.*,
        'staff.cqccareworkersabsent' as cell_id,
        case when staff.is_absent then 'numerator' else 'population' end as role,
        case when staff.is_absent then null else 'not_absent' end as role_reason
    from staff
    inner join cell on staff.code_set = cell.code_set and staff.staff_group = cell.staff_group
    where cell.cell_id = 'staff.cqccareworkersemployed' and staff.is_present
)

select
    'capacity_tracker' as return_id,
    location_id as submitter_id,
    'staff' as measure,
    cell_id,
    cast(null as string) as person_key,
    record_key as event_key,
    record_key,
    role,
    role_reason as reason,
    evidence,
    cast(case when role = 'numerator' then 1 else 0 end as decimal(18, 4)) as quantity,
    care_setting,
    staff_group,
    employment_class
from roles
