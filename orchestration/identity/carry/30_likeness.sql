-- reached, continued: records that no number had placed, and that were compared with what has changed, or share a block
-- with what it is now; and the group of each.
create or replace temp table like_reached as
select distinct person_record_key
from compared_token
where
    token in (
        select t.token from touched_number as t
        union
        select hash('record', r.person_record_key) from reached as r
    )
    and person_record_key not in (select r.person_record_key from reached as r);

insert into like_reached
with told as (
    select
        clean_family(family_name) as family,
        clean_family(former_family_name) as former_family,
        clean_given(given_name) as given,
        date_of_birth as birth_date,
        clean_postcode(postcode) as postcode,
        clean_address(address_line) as address
    from person_record
    where person_record_key in (select r.person_record_key from reached as r)
    union all
    select
        clean_family(family_name) as family,
        null as former_family,
        clean_given(given_name) as given,
        read_date(date_of_birth) as birth_date,
        clean_postcode(postcode) as postcode,
        null as address
    from trace_response
    where unique_reference in (select r.person_record_key from reached as r)
),

block as (
    select distinct unnest(block_keys(family, former_family, given, birth_date, postcode, address)) as block
    from told
),

unplaced as (
    select
        r.person_record_key,
        unnest(block_keys(
            clean_family(r.family_name), clean_family(r.former_family_name), clean_given(r.given_name), r.date_of_birth,
            clean_postcode(r.postcode), clean_address(r.address_line)
        )) as block
    from person_record as r
    inner join previous as p on r.person_record_key = p.person_record_key
    where p.is_unplaced
)

select distinct u.person_record_key
from unplaced as u
inner join block as b on u.block = b.block
where
    u.person_record_key not in (select r.person_record_key from reached as r)
    and u.person_record_key not in (select l.person_record_key from like_reached as l);

insert into reached
select person_record_key from like_reached;

insert into reached
select p.person_record_key
from previous as p
where
    p.person_kind = 'demographic_group'
    and p.person_key in (
        select m.person_key
        from previous as m
        where m.person_record_key in (select r.person_record_key from reached as r)
    )
    and p.person_record_key not in (select r.person_record_key from reached as r);
