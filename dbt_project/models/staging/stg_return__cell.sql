select
    return_id,
    cell_id,
    item_id,
    label,
    {{ adapter.quote('table') }} as page,
    cast({{ adapter.quote('row') }} as integer) as position,
    {{ adapter.quote('column') }} as export_column,
    measure,
    unit,
    applies_to,
    source_elements,
    missing_item,
    evidence,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from {{ source('raw', 'return_cell') }}
