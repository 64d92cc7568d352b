select
    person_key,
    person_kind,
    birth_date,
    death_date,
    death_source,
    records
from {{ source('raw', 'person') }}
