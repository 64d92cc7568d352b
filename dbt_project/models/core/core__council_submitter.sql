select
    submitter_id,
    submitter_code as la_code,
    submitter_name
from {{ ref('stg_run__submitter') }}
where submitter_kind = 'council'
