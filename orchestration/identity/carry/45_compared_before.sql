-- beside, continued: what the unplaced records were compared with in the earlier run, and the persons of all of them.
create or replace temp table beside_token as
with looked_at as (
    select person_record_key from reached
    union
    select b.person_record_key
    from beside as b
    inner join previous as p on b.person_record_key = p.person_record_key and p.is_unplaced
)

select distinct token
from compared_token
where person_record_key in (select l.person_record_key from looked_at as l);

insert into beside
select distinct person_record_key
from carried_token
where token in (select t.token from beside_token as t);

insert into beside
select person_record_key
from previous
where is_unplaced and hash('record', person_record_key) in (select t.token from beside_token as t);

insert into beside
select p.person_record_key
from previous as p
where
    p.person_key in (
        select m.person_key
        from previous as m
        where
            m.person_record_key in (select b.person_record_key from beside as b)
            or m.person_record_key in (select r.person_record_key from reached as r)
    );

-- A record beside is judged as it was only with every record that carries one of its numbers.
create or replace temp table beside_number as
select distinct token
from carried_token
where
    person_record_key in (select b.person_record_key from beside as b)
    or person_record_key in (select r.person_record_key from reached as r);
