select
    {{ work_list_columns() }},
    state as decision,
    decided_on,
    cqc_reference,
    as_at_date
from {{ ref('cqc_notifications__list_row') }}
where state <> 'open'
