select
    'asc_wds.file_and_records_differ' as rule_id,
    submitter_id,
    record_key,
    column_name as field,
    case
        when column_name like 'ADDRESS%' or column_name = 'POSTCODE' then 'not shown'
        else substring(coalesce(in_file, 'blank'), 1, 60)
    end as value_seen,
    'records: '
    || case
        when column_name like 'ADDRESS%' or column_name = 'POSTCODE' then 'not shown'
        else substring(coalesce(in_records, 'blank'), 1, 60)
    end
    || '; written: ' || picked as evidence
from {{ ref('ret_asc_wds__difference') }}
