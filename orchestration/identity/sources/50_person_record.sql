-- person_record: one row per person as one sender knows them; the key is also the reference of a trace request.
create or replace temp table person_record as
select * from provider_record
union all by name
select * from carer_record
union all by name
select * from council_record;
