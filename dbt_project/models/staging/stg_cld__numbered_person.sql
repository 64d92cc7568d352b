-- Who has an NHS number that may be handed in; the number itself stays where it is.
select
    person_key,
    number_state
from {{ source('raw', 'person_identifier') }}
where number_state in ('verified', 'valid')
