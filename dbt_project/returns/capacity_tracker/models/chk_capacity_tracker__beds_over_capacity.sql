with beds as (
    select
        submitter_id,
        max(case when cell_id = 'occupied' then value end) as occupied,
        max(case when cell_id = 'vacant_reserved' then value end) as vacant_reserved,
        max(case when cell_id = 'vacant_accepting' then value end) as vacant_accepting,
        max(case when cell_id = 'max_capacity' then value end) as max_capacity
    from {{ ref('ret_capacity_tracker__figure') }}
    group by submitter_id
)

select
    'capacity_tracker.beds_over_capacity' as rule_id,
    submitter_id,
    submitter_id as record_key,
    'occupied, vacant_reserved, vacant_accepting' as field,
    cast(
        cast(occupied + coalesce(vacant_reserved, 0) + coalesce(vacant_accepting, 0) as bigint) as string
    ) as value_seen,
    'occupied ' || cast(cast(occupied as bigint) as string)
    || ', reserved ' || coalesce(cast(cast(vacant_reserved as bigint) as string), 'not known')
    || ', accepting ' || coalesce(cast(cast(vacant_accepting as bigint) as string), 'not recorded')
    || ', max_capacity ' || cast(cast(max_capacity as bigint) as string) as evidence
from beds
where occupied + coalesce(vacant_reserved, 0) + coalesce(vacant_accepting, 0) > max_capacity
