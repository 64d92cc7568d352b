select
    return_id,
    submitter_id,
    period_label,
    periods_back,
    periods_asked,
    cell_id,
    value,
    value_text,
    outcome
from {{ source('raw', 'earlier_figure') }}
