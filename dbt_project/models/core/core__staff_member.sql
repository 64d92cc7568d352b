select
    staff.record_key,
    staff.sender_id,
    staff.location_id,
    staff.worker_id,
    staff.employment_status,
    case
        when staff.employment_status in ('1', '2') then 'directly_employed'
        when staff.employment_status in ('3', '4') then 'agency_or_bank'
        else 'other'
    end as employment_class,
    staff.staff_group,
    staff.start_date,
    staff.leaving_date,
    staff.absent_from,
    staff.absent_to
from {{ ref('stg_mods__staff') }} as staff
