select
    'cld.service_after_death' as rule_id,
    submitter_id,
    record_key,
    'Event End Date' as field,
    coalesce(cast(event_end_date as {{ dbt.type_string() }}), 'open') as value_seen,
    'died ' || cast(date_of_death as {{ dbt.type_string() }}) as evidence
from {{ ref('agg__cld_row') }}
where
    event_type = 'Service'
    and date_of_death is not null
    and (event_end_date is null or event_end_date > date_of_death)
