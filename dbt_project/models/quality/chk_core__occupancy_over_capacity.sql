select
    'core.occupancy_over_capacity' as rule_id,
    location_id as submitter_id,
    record_key,
    'occupied_or_used' as field,
    cast(occupied_or_used as string) as value_seen,
    'maximum_capacity ' || cast(maximum_capacity as string) || ', date ' || cast(occupancy_date as string) as evidence
from {{ ref('stg_mods__occupancy') }}
where occupied_or_used > maximum_capacity
