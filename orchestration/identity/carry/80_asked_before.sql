-- review and number_quarantine, continued: only what this run decided asks anew; the rest asks as it did.
create or replace temp table review as
with kept_person as (
    select distinct person_key from kept_link
),

asked_before as (
    select
        e.person_record_key,
        k.person_key as proposed_person_key,
        e.stage,
        e.reason,
        e.evidence,
        e.next_step
    from earlier_review as e
    left join kept_person as k on e.proposed_person_key = k.person_key
    where e.person_record_key in (select p.person_record_key from pinned as p)
)

select * from review
where person_record_key in (select d.person_record_key from decided_link as d)
union all by name
select * from asked_before;

create or replace temp table number_quarantine as
select
    person_record_key,
    reason,
    next_step
from number_quarantine
where person_record_key in (select d.person_record_key from decided_link as d)
union all by name
select * from earlier_number_quarantine
where person_record_key in (select p.person_record_key from pinned as p);

-- affected_person: one row per person of whose records one was decided anew, is new, gone or not what it was.
create or replace temp table affected_person as
select person_key from all_link
where person_record_key in (select m.person_record_key from moved as m)
union
select person_key from previous
where person_record_key in (select m.person_record_key from moved as m);

create or replace temp table affected_record as
select person_record_key from all_link
where person_key in (select a.person_key from affected_person as a);
