-- touched_number: one row per number, as a token, that a changed record carries, asks about or is answered with now, or
-- did in the earlier run. A token is made of the keyed hash of the number.
create or replace temp table touched_number as
with now_written as (
    select clean_number(nhs_number) as number from person_record
    where person_record_key in (select c.person_record_key from changed as c)
    union
    select unnest([clean_number(req_nhs_number), clean_number(matched_nhs_no)]) from trace_response
    where unique_reference in (select c.person_record_key from changed as c)
),

-- An answer that replaces a number leads on although it names no record that is here.
stray_now as (
    select distinct
        coalesce(unique_reference, '') as reference,
        hash(keyed('number:' || unnest([clean_number(req_nhs_number), clean_number(matched_nhs_no)]))) as token
    from trace_response
    where
        trim(error_success_code) = '90'
        and coalesce(unique_reference, '') not in (select r.person_record_key from person_record as r)
),

stray_before as (
    select distinct
        coalesce(person_record_key, '') as reference,
        token
    from previous_touch
    where kind = 'carried' and coalesce(person_record_key, '') not in (select p.person_record_key from previous as p)
)

select hash(keyed('number:' || number)) as token from now_written
where number is not null
union
select token from carried_token
where person_record_key in (select c.person_record_key from changed as c)
union
select coalesce(n.token, b.token) as token
from stray_now as n
full outer join stray_before as b on n.reference = b.reference and n.token = b.token
where n.token is null or b.token is null;

-- reached: one row per record that is decided anew. First the changed ones; whoever carries a touched number follows.
create or replace temp table reached as
select person_record_key from changed;
