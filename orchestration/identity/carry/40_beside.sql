-- needing: one row per record to decide that no number places, and of which the earlier run cannot tell with what to
-- compare it: it is new or changed, or a number placed it then.
create or replace temp table needing as
select r.*
from clean_record as r
inner join number_decision as d on r.person_record_key = d.person_record_key
left join previous as p on r.person_record_key = p.person_record_key
left join changed as c on r.person_record_key = c.person_record_key
where d.number is null and (c.person_record_key is not null or not coalesce(p.is_unplaced, false));

create or replace temp table needed_block as
select distinct unnest(block_keys(family, former_family, given, birth_date, postcode, address)) as block
from needing;

-- Every block holds a birth date, both names, a postcode or an address, and few records share one of these.
create or replace temp table needed_value as
select distinct
    unnest(
        [hash('born', strftime(birth_date, '%Y-%m-%d')), hash('born', strftime(birth_date, '%Y%m%d'))]
        || [hash('born', strftime(birth_date, '%d/%m/%Y'))]
    ) as value
from needing
where birth_date is not null
union
select hash('names', least(family, given), greatest(family, given)) from needing
where family is not null and given is not null
union
select hash('postcode', postcode) from needing
where postcode is not null
union
select hash('address', address) from needing
where address is not null;

-- People of one birth date and both names: a number may be the twin's, so who bears them is decided anew.
create or replace temp table needed_namesake as
select distinct hash(family, given, birth_date) as namesake
from clean_record
where family is not null and given is not null and birth_date is not null;

create or replace temp table near_record as
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
)

select
    *,
    coalesce(hash(family, given, birth_date) in (select n.namesake from needed_namesake as n), false) as is_namesake
from told
where
    hash('born', birth_date::varchar) in (select v.value from needed_value as v)
    or hash('names', least(family, given), greatest(family, given)) in (select v.value from needed_value as v)
    or hash('postcode', postcode) in (select v.value from needed_value as v)
    or hash('address', address) in (select v.value from needed_value as v)
    or hash(family, given, birth_date) in (select n.namesake from needed_namesake as n);

create or replace temp table near_answer as
with told as (
    select
        unique_reference as person_record_key,
        clean_family(family_name) as family,
        clean_given(given_name) as given,
        trim(date_of_birth) as born,
        clean_postcode(postcode) as postcode
    from given_answer
    where matched_nhs_no is not null and date_of_birth is not null
)

select * from told
where
    hash('born', born) in (select v.value from needed_value as v)
    or hash('names', least(family, given), greatest(family, given)) in (select v.value from needed_value as v)
    or hash('postcode', postcode) in (select v.value from needed_value as v);

-- beside: one row per record that is not decided anew but that a reached record must be compared with.
create or replace temp table beside as
with near_block as (
    select
        person_record_key,
        unnest(block_keys(family, former_family, given, birth_date, postcode, address)) as block
    from near_record
    union all
    select
        person_record_key,
        unnest(block_keys(family, null, given, read_date(born), postcode, null)) as block
    from near_answer
)

select distinct n.person_record_key
from near_block as n
inner join needed_block as b on n.block = b.block;

insert into reached
select n.person_record_key
from near_record as n
inner join previous as p on n.person_record_key = p.person_record_key and not p.is_unplaced
where n.is_namesake and n.person_record_key not in (select r.person_record_key from reached as r);
