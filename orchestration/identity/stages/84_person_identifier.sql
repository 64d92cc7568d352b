-- person_identifier: one row per person with a number.
create or replace temp table person_identifier as
select
    person_key,
    number as nhs_number,
    if(bool_or(is_verified), 'verified', 'valid') as number_state
from person_link
where number is not null
group by person_key, number;
