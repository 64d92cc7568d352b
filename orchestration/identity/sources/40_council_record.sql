-- council_record: one row per person in a council's system. Each detail is that of the person's newest row that has it.
create or replace temp table council_record as
select
    sender_id || ':' || local_person_id as person_record_key,
    sender_id,
    'council' as source_class,
    local_person_id,
    arg_min(nhs_number, newness) filter (where nhs_number is not null) as nhs_number,
    null::varchar as nhs_number_status,
    arg_min(family_name, newness) filter (where family_name is not null) as family_name,
    arg_min(given_name, newness) filter (where given_name is not null) as given_name,
    null::varchar as former_family_name,
    null::varchar as preferred_name,
    arg_min(date_of_birth, newness) filter (where date_of_birth is not null) as date_of_birth,
    arg_min(gender, newness) filter (where gender is not null) as gender,
    arg_min(postcode, newness) filter (where postcode is not null) as postcode,
    null::varchar as address_line,
    arg_min(gp_practice, newness) filter (where gp_practice is not null) as gp_practice,
    arg_min(deceased_date, newness) filter (where deceased_date is not null) as deceased_date,
    min(begun_date) as first_seen,
    max(begun_date) as last_seen
from council_row
group by sender_id, local_person_id;
