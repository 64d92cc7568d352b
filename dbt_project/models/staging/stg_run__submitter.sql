select
    submitter_id,
    kind as submitter_kind,
    code as submitter_code,
    name as submitter_name
from {{ source('raw', 'client_submitter') }}
