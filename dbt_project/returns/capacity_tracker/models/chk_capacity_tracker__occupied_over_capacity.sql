with beds as (
    select
        submitter_id,
        max(case when cell_id = 'occupied' then value end) as occupied,
        max(case when cell_id = 'max_capacity' then value end) as max_capacity
    from {{ ref('ret_capacity_tracker__figure') }}
    group by submitter_id
)

select
    'capacity_tracker.occupied_over_capacity' as rule_id,
    submitter_id,
    submitter_id as record_key,
    'occupied' as field,
    cast(cast(occupied as bigint) as string) as value_seen,
    'max_capacity ' || cast(cast(max_capacity as bigint) as string) as evidence
from beds
where occupied > max_capacity
