-- person_record_variant: one row per value that the rows behind one council record give for a field, to show conflicts.
create or replace temp table person_record_variant as
select distinct
    sender_id || ':' || local_person_id as person_record_key,
    field,
    value
from (
    unpivot (
        select
            sender_id,
            local_person_id,
            cast(date_of_birth as varchar) as date_of_birth,
            gender,
            cast(deceased_date as varchar) as deceased_date,
            nhs_number
        from council_row
    )
    on date_of_birth, gender, deceased_date, nhs_number
    into name field value value
);
