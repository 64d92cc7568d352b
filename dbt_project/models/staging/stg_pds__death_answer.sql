select
    unique_reference as person_record_key,
    min(_record_key) as record_key,
    {{ england_date('min(_as_at)') }} as known_on
from {{ source('raw', 'trace_response') }}
where date_of_death is not null
group by unique_reference
