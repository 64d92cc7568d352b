-- decided: one row per record whose decision of this run counts; every other one keeps the earlier. Records beside
-- count only where a group of records without a number now holds them together with a reached one.
create or replace temp table decided as
select person_record_key from reached
where person_record_key in (select f.person_record_key from fingerprint as f);

insert into decided
with together as (
    select distinct l.person_key
    from person_link as l
    inner join decided as d on l.person_record_key = d.person_record_key
    where starts_with(l.anchor, 'record:')
),

joined as (
    select l.person_record_key
    from person_link as l
    inner join previous as p on l.person_record_key = p.person_record_key
    where
        l.person_key in (select t.person_key from together as t)
        and p.person_kind in ('demographic_group', 'single_record')
)

select p.person_record_key
from previous as p
inner join person_link as l on p.person_record_key = l.person_record_key
where
    p.person_key in (
        select m.person_key
        from previous as m
        inner join joined as j on m.person_record_key = j.person_record_key
    )
    and p.person_record_key not in (select d.person_record_key from decided as d);

-- decided_link: one row per decided record with its link of this run.
create or replace temp table decided_link as
select * from person_link
where person_record_key in (select d.person_record_key from decided as d);

-- pinned: one row per record of this input that keeps its earlier decision.
create or replace temp table moved as
select person_record_key from changed
union
select person_record_key from decided;

create or replace temp view pinned as
select p.*
from previous as p
where p.person_record_key not in (select m.person_record_key from moved as m);
