-- exact_link: one row per record without a number that exactly one number fits.
-- The number of the best pass is taken if no other number is proposed by the same pass; the pass is the margin.
create or replace temp table exact_link as
select
    person_record_key,
    number,
    rule
from exact_pair
where veto is null
qualify
    pass = min(pass) over (partition by person_record_key)
    and count(*) over (partition by person_record_key, pass) = 1;

-- Of two records that a reviewer has parted only the one with the lesser key joins the number that fits both.
delete from exact_link
where person_record_key in (
    select b.person_record_key
    from parted_pair as p
    inner join exact_link as a on least(p.person_record_key, p.other_record_key) = a.person_record_key
    inner join exact_link as b
        on greatest(p.person_record_key, p.other_record_key) = b.person_record_key and a.number = b.number
);
