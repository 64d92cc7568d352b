with first_visit as (
    select
        location_id,
        min(visit_date) as earliest,
        min(record_key) as record_key
    from {{ ref('core__visit') }}
    group by location_id
)

select
    'cqc_pir.visits_part_of_28_days' as rule_id,
    first_visit.location_id as submitter_id,
    first_visit.record_key,
    'planned_start' as field,
    cast(first_visit.earliest as string) as value_seen,
    'the 28 days began on ' || cast({{ add_days('run.as_at_date', -28) }} as string) as evidence
from first_visit
inner join {{ ref('agg__location_registered_now') }} as location
    on first_visit.location_id = location.location_id and location.care_setting = 'home_care'
cross join {{ ref('stg_run__parameters') }} as run
where first_visit.earliest > {{ add_days('run.as_at_date', -28) }}
