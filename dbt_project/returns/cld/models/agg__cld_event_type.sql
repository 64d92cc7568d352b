select
    council.submitter_id,
    code.code as event_type,
    count(record.record_key) as records
from {{ ref('core__council_submitter') }} as council
cross join {{ source('raw', 'code_list_code') }} as code
left join {{ ref('agg__cld_row') }} as record
    on
        council.submitter_id = record.submitter_id
        and code.code = record.event_type
where code.code_list = 'cld_r2_event_type'
group by council.submitter_id, code.code
