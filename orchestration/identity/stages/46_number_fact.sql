-- number_fact: one row per number in use: what a record may not contradict if it is to join it.
create or replace temp table number_fact as
select
    d.number,
    bool_or(d.is_verified) as is_verified,
    any_value(a.birth_date) as birth_date,
    coalesce(
        any_value(a.gender),
        case when count(distinct r.gender) = 1 then any_value(r.gender) end
    ) as gender,
    coalesce(any_value(a.death_date), min(r.deceased_date)) as death_date,
    max(r.last_seen) as last_seen,
    count(r.postcode) > 0 or count(a.postcode) > 0 as has_postcode
from number_decision as d
inner join clean_record as r on d.person_record_key = r.person_record_key
inner join number_anchor as a on d.number = a.number
where d.number is not null
group by d.number;

-- parted_number: one row per record and number that holds a record a reviewer has parted from it.
create or replace temp table parted_number as
select
    p.person_record_key,
    d.number
from parted_pair as p
inner join number_decision as d on p.other_record_key = d.person_record_key
where d.number is not null
union
select
    p.other_record_key,
    d.number
from parted_pair as p
inner join number_decision as d on p.person_record_key = d.person_record_key
where d.number is not null;
