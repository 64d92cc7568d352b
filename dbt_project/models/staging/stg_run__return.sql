select
    return_id,
    title,
    submitted_by,
    period_label,
    period_start,
    period_end,
    window_opens,
    window_closes,
    method_version
from {{ source('raw', 'run_return') }}
