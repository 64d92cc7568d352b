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
