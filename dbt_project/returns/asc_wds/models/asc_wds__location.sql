-- A location without a row in a workplace file is there once, so that its figures can be given.
select
    location.location_id,
    location.location_name,
    location.cqc_provider_id,
    location.care_setting,
    location.record_key as location_record_key,
    location.as_at_date,
    coalesce(workplace.record_key, location.location_id) as workplace_key,
    workplace.record_key is not null as has_file,
    workplace.sender_id,
    workplace.row_number,
    cast(
        row_number() over (partition by location.location_id order by workplace.row_number asc nulls last) as bigint
    ) as nth_workplace
from {{ ref('agg__location_registered_now') }} as location
inner join {{ ref('stg_run__return') }} as run_return on run_return.return_id = 'asc_wds'
left join {{ ref('core__asc_wds_workplace') }} as workplace on location.location_id = workplace.location_id
