select
    {{ work_list_columns() }},
    as_at_date
from {{ ref('cqc_notifications__list_row') }}
where state = 'open'
