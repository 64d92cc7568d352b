-- parted_record: one row per record that a reviewer has parted from another and that loses the number both carry: the
-- one whose number no trace answer confirmed, else the one with the greater key.
create or replace temp table parted_record as
with told as (
    select person_record_key as one, other_record_key as other from parted_pair
    union
    select other_record_key, person_record_key from parted_pair
),

carried as (
    select person_record_key, number, 1 as is_claim from number_claim
    union all
    select person_record_key, number, 0 from traced_number where is_accepted
)

select distinct a.person_record_key
from told as t
inner join carried as a on t.one = a.person_record_key
inner join carried as b on t.other = b.person_record_key and a.number = b.number
where (a.is_claim, a.person_record_key) > (b.is_claim, b.person_record_key);
