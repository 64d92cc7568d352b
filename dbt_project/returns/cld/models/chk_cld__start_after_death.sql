select
    'cld.start_after_death' as rule_id,
    submitter_id,
    record_key,
    'Event Start Date' as field,
    cast(event_start_date as {{ dbt.type_string() }}) as value_seen,
    'died ' || cast(date_of_death as {{ dbt.type_string() }}) as evidence
from {{ ref('agg__cld_row') }}
where event_start_date > date_of_death
