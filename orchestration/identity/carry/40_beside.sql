-- beside: one row per record that is not decided anew but that a reached record must be compared with: as was done in
-- the earlier run, or, where a number no longer places a record or it is new, by a look at every record and answer.
create or replace temp table needing as
select r.*
from clean_record as r
inner join number_decision as d on r.person_record_key = d.person_record_key
where
    d.number is null
    and (
        r.person_record_key in (select c.person_record_key from changed as c)
        or r.person_record_key not in (select p.person_record_key from previous as p where p.is_unplaced)
    );

create or replace temp table needed_block as
select distinct unnest(block_keys(family, former_family, given, birth_date, postcode, address)) as block
from needing;

-- Birth date, names, postcode or address: every block holds one of them, and few records share one.
create or replace temp table needed_value as
select distinct unnest([
    if(birth_date is null, null, hash('birth', birth_date)),
    if(family is null or given is null, null, hash('names', least(family, given), greatest(family, given))),
    if(postcode is null, null, hash('postcode', postcode)),
    if(address is null, null, hash('address', address))
]) as value
from needing;

-- People of one birth date and both names: a number may be a twin's or namesake's.
create or replace temp table needed_namesake as
select distinct hash(family, given, birth_date) as namesake
from clean_record
where family is not null and given is not null and birth_date is not null;

create or replace temp table beside as
with told as (
    select
        person_record_key,
        clean_family(family_name) as family,
        clean_family(former_family_name) as former_family,
        clean_given(given_name) as given,
        date_of_birth as birth_date,
        clean_postcode(postcode) as postcode,
        clean_address(address_line) as address
    from all_record
    union all
    select
        unique_reference,
        clean_family(family_name),
        null,
        clean_given(given_name),
        read_date(date_of_birth),
        clean_postcode(postcode),
        null
    from all_answer
    where matched_nhs_no is not null
),

near as (
    select *
    from told
    where
        hash('birth', birth_date) in (select v.value from needed_value as v)
        or hash('names', least(family, given), greatest(family, given)) in (select v.value from needed_value as v)
        or hash('postcode', postcode) in (select v.value from needed_value as v)
        or hash('address', address) in (select v.value from needed_value as v)
),

near_block as (
    select
        person_record_key,
        unnest(block_keys(family, former_family, given, birth_date, postcode, address)) as block
    from near
)

select person_record_key from near_block
where block in (select b.block from needed_block as b)
union
select person_record_key from told
where hash(family, given, birth_date) in (select n.namesake from needed_namesake as n);
