-- person and conflict, continued: nothing has changed about whoever is not affected.
insert into person by name
select * from earlier_person
where
    person_key in (select k.person_key from kept_link as k)
    and person_key not in (select a.person_key from affected_person as a);

insert into conflict by name
select * from earlier_conflict
where
    person_key in (select k.person_key from kept_link as k)
    and person_key not in (select a.person_key from affected_person as a);
