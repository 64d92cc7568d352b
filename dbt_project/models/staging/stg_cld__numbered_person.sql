-- Who has an NHS number that may be handed in, without the number.
select
    person_key,
    number_state
from {{ ref('stg_cld__person_number') }}
