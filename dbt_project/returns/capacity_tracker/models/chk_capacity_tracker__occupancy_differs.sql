select
    'capacity_tracker.occupancy_differs' as rule_id,
    figure.submitter_id,
    beds.record_key,
    'occupied_or_used' as field,
    cast(beds.quantity as string) as value_seen,
    'people supported now ' || cast(cast(figure.value as bigint) as string) || ', ' || beds.evidence as evidence
from {{ ref('ret_capacity_tracker__figure') }} as figure
inner join {{ ref('agg__beds') }} as beds
    on figure.submitter_id = beds.location_id and beds.measure = 'recorded_occupied'
where figure.cell_id = 'occupied' and figure.value <> beds.quantity
