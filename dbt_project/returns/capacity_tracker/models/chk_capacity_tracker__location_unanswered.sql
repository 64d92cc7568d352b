with answered as (
    select distinct submitter_id
    from {{ ref('ret_capacity_tracker__figure') }}
    where outcome in ('filled', 'zero')
)

select
    'capacity_tracker.location_unanswered' as rule_id,
    location.location_id as submitter_id,
    coalesce(location.record_key, location.location_id) as record_key,
    'care_setting' as field,
    coalesce(location.care_setting, 'not recorded') as value_seen,
    case
        when location.record_key is null then 'no Care provider record was received for the location'
        else 'the Care provider record does not say whether it is a care home or home care'
    end as evidence
from {{ ref('agg__location_registered_now') }} as location
inner join {{ ref('stg_run__return') }} as run_return on run_return.return_id = 'capacity_tracker'
left join answered on location.location_id = answered.submitter_id
where answered.submitter_id is null
