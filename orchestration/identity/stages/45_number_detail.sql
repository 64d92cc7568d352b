-- number_detail: one row per number in use and distinct set of details held under it: the trace answer's and those
-- of every record that was given the number. Records without a number are compared with these and with nothing else.
create or replace temp table number_detail as
select
    d.number,
    r.family,
    r.former_family,
    r.given,
    r.middle,
    r.birth_date,
    r.postcode,
    r.address,
    r.gender
from number_decision as d
inner join clean_record as r on d.person_record_key = r.person_record_key
where d.number is not null
union
select
    d.number,
    o.family,
    null,
    o.given,
    null,
    o.birth_date,
    o.postcode,
    null,
    o.gender
from number_decision as d
inner join trace_outcome as o on d.person_record_key = o.person_record_key
where d.is_verified;
