-- One step from numbers to the records that carry them, and on to all their numbers; run until it adds none.
insert into reached
select distinct person_record_key
from carried_token
where
    token in (select t.token from touched_number as t)
    and person_record_key not in (select r.person_record_key from reached as r);

insert into touched_number
select distinct token
from carried_token
where
    person_record_key in (select r.person_record_key from reached as r)
    and token not in (select t.token from touched_number as t);
