-- person_record, as the road sends it: each record with its place in the order of the keys and a short hash of all that
-- was sent of the person, the values of older rows included.
create or replace temp table person_record as
with variant as (
    select
        person_record_key,
        count(*) as told,
        bit_xor(hash(field, value)) as what
    from person_record_variant
    group by person_record_key
)

select
    r.*,
    row_number() over (order by r.person_record_key asc nulls first) as row,
    hash(r, v.told, v.what) as row_hash
from person_record as r
left join variant as v on r.person_record_key = v.person_record_key;

-- given_record: one row per person record of the input, to hold the links against.
create or replace temp table given_record as
select person_record_key from person_record;

-- given_answer: one row per trace answer; trace_response may later be a part of it.
create or replace temp table given_answer as
select * replace (trim(unique_reference) as unique_reference)
from loaded_trace_response;

create or replace temp view trace_response as
select * from given_answer;
