select
    cell.return_id,
    cell.cell_id,
    cell.item_id,
    cell.label,
    cell.page,
    cell.position,
    cell.export_column,
    cell.measure,
    cell.unit,
    cell.applies_to,
    cell.source_elements,
    cell.missing_item,
    cell.evidence
from {{ ref('stg_return__cell') }} as cell
inner join {{ ref('stg_run__return') }} as run_return on cell.return_id = run_return.return_id
cross join {{ ref('stg_run__parameters') }} as run
where
    (cell.valid_from is null or cell.valid_from <= run.as_at_date)
    and (cell.valid_to is null or cell.valid_to >= run.as_at_date)
