with beds as (
    select
        submitter_id,
        sum(case when cell_id like 'bed_types.%' then value end) as by_type,
        max(case when cell_id = 'max_capacity' then value end) as max_capacity
    from {{ ref('ret_capacity_tracker__figure') }}
    group by submitter_id
)

select
    'capacity_tracker.bed_types_differ' as rule_id,
    submitter_id,
    submitter_id as record_key,
    'bed_types' as field,
    cast(cast(by_type as bigint) as string) as value_seen,
    'max_capacity ' || cast(cast(max_capacity as bigint) as string) as evidence
from beds
where by_type <> max_capacity
