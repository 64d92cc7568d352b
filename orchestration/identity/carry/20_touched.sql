-- touched_number: one row per number, as a token, that a changed record carries, asks about or is answered with now, or
-- did in the earlier run. A token is made of the keyed hash of the number.
create or replace temp table touched_number as
with now_written as (
    select clean_number(nhs_number) as number from person_record
    where person_record_key in (select c.person_record_key from changed as c)
    union
    select unnest([clean_number(req_nhs_number), clean_number(matched_nhs_no)]) from trace_response
    where unique_reference in (select c.person_record_key from changed as c)
)

select hash(keyed('number:' || number)) as token from now_written
where number is not null
union
select token from carried_token
where person_record_key in (select c.person_record_key from changed as c);

-- reached: one row per record that is decided anew. First the changed ones; whoever carries a touched number follows.
create or replace temp table reached as
select person_record_key from changed;
