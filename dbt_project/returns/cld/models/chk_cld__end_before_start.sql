select
    'cld.end_before_start' as rule_id,
    submitter_id,
    record_key,
    'Event End Date' as field,
    cast(event_end_date as {{ dbt.type_string() }}) as value_seen,
    'starts ' || cast(event_start_date as {{ dbt.type_string() }}) as evidence
from {{ ref('agg__cld_row') }}
where event_end_date < event_start_date
