with served as (
    select distinct location_id
    from {{ ref('core__service_episode') }}
)

select
    'capacity_tracker.no_service_records' as rule_id,
    location.location_id as submitter_id,
    location.record_key,
    'service' as field,
    'no record' as value_seen,
    'people are counted as zero because no Service record names the location' as evidence
from {{ ref('agg__location_registered_now') }} as location
inner join {{ ref('stg_run__return') }} as run_return on run_return.return_id = 'capacity_tracker'
left join served on location.location_id = served.location_id
where served.location_id is null and location.care_setting is not null
