-- changed: one row per record that is new, gone, or not what it was, or whose answers or parted pairs are not.
create or replace temp table changed as
select coalesce(f.person_record_key, p.person_record_key) as person_record_key
from fingerprint as f
full outer join previous as p on f.person_record_key = p.person_record_key
where f.fingerprint is distinct from p.fingerprint;
