-- Two inputs tell of staff. At a location with Staff records they alone count; the ASC-WDS staff file, which holds
-- neither leaving dates nor absences, counts where no Staff record names the location.
with own_records as (
    select distinct location_id
    from {{ ref('stg_mods__staff') }}
),

members as (
    select
        record_key,
        sender_id,
        location_id,
        worker_id,
        employment_status,
        staff_group,
        start_date,
        leaving_date,
        absent_from,
        absent_to,
        true as tells_who_left
    from {{ ref('stg_mods__staff') }}

    union all

    select
        worker.record_key,
        worker.sender_id,
        worker.location_id,
        worker.worker_id,
        worker.employment_status,
        worker.staff_group,
        worker.start_date,
        cast(null as date) as leaving_date,
        cast(null as date) as absent_from,
        cast(null as date) as absent_to,
        false as tells_who_left
    from {{ ref('core__asc_wds_worker') }} as worker
    left join own_records on worker.location_id = own_records.location_id
    where
        worker.location_id is not null
        and own_records.location_id is null
        and coalesce(worker.change_status, 'not given') <> 'DELETE'
)

select
    record_key,
    sender_id,
    location_id,
    worker_id,
    employment_status,
    case
        when employment_status in ('1', '2') then 'directly_employed'
        when employment_status in ('3', '4') then 'agency_or_bank'
        else 'other'
    end as employment_class,
    staff_group,
    start_date,
    leaving_date,
    absent_from,
    absent_to,
    tells_who_left
from members
