{{ config(materialized='view') }}
-- Every record that gives the file a value: its rows, the newest record of each person, the chosen costs and carers.
select
    submitter_id,
    record_key
from {{ ref('agg__cld_row') }}
union
select
    submitter_id,
    newest_record_key as record_key
from {{ ref('agg__cld_row') }}
where newest_record_key is not null
union
select
    record.submitter_id,
    cost.cost_record_key as record_key
from {{ ref('agg__cld_row') }} as record
inner join {{ ref('agg__cld_cost') }} as cost
    on record.record_key = cost.service_record_key
union
select
    record.submitter_id,
    carer.carer_record_key as record_key
from {{ ref('agg__cld_row') }} as record
inner join {{ ref('agg__cld_carer') }} as carer
    on
        record.submitter_id = carer.submitter_id
        and record.person_key = carer.person_key
        and lower(trim(record.client_type)) = carer.filled_client_type
