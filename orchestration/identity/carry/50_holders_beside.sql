-- One step from the numbers beside to the records that carry them, and on to theirs; run until it adds none.
insert into beside
select distinct person_record_key
from carried_token
where
    token in (select t.token from beside_number as t)
    and person_record_key not in (select b.person_record_key from beside as b);

insert into beside_number
select distinct token
from carried_token
where
    person_record_key in (select b.person_record_key from beside as b)
    and token not in (select t.token from beside_number as t);
