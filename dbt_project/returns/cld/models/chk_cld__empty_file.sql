select
    'cld.empty_file' as rule_id,
    council.submitter_id,
    cast(null as {{ dbt.type_string() }}) as record_key,
    cast(null as {{ dbt.type_string() }}) as field,
    cast(null as {{ dbt.type_string() }}) as value_seen,
    'no record is a row of the file' as evidence
from {{ ref('core__council_submitter') }} as council
left join {{ ref('agg__cld_row') }} as record
    on council.submitter_id = record.submitter_id
where record.record_key is null
