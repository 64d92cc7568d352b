select
    'cld.no_events_of_type' as rule_id,
    submitter_id,
    cast(null as {{ dbt.type_string() }}) as record_key,
    'Event Type' as field,
    event_type as value_seen,
    'no row' as evidence
from {{ ref('agg__cld_event_type') }}
where records = 0
