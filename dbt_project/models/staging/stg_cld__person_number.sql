-- Restricted: the NHS numbers that may be handed in. A number that failed its checks is not among them.
select
    person_key,
    nhs_number,
    number_state
from {{ source('raw', 'person_identifier') }}
where number_state in ('verified', 'valid')
