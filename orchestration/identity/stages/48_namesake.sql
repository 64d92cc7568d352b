-- namesake: one row per record without a number whose names and birth date others of the records share by chance: how
-- many. One in 2^6 is as unlikely as a score asks for; a record with fewer has no row.
create or replace temp table namesake as
select
    r.person_record_key,
    namesakes(r.given, f.others, g.others, b.others) as expected
from number_decision as d
inner join clean_record as r on d.person_record_key = r.person_record_key
left join term_family as f on r.family = f.family
left join term_given as g on r.given = g.given
left join term_birth as b on year(r.birth_date) = b.birth_year and birth_is_weak(r.birth_date) = b.is_weak
where d.number is null and expected > power(2, -getvariable('join_weight'));
