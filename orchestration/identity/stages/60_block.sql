-- remainder: one row per record that no number and no exact pass has placed. near_block: one row per block that holds one
-- and anything else. Records are compared only within a block; one of more than 100 things parts nobody and is dropped.
create or replace temp table remainder as
select r.*
from clean_record as r
inner join number_decision as d on r.person_record_key = d.person_record_key
left join exact_link as x on r.person_record_key = x.person_record_key
where
    d.number is null and x.person_record_key is null
    and (r.birth_date is not null or r.postcode is not null or r.address is not null)
    and (r.family is not null or r.given is not null);

create or replace temp table remainder_block as
select
    person_record_key,
    unnest(block_keys(family, former_family, given, birth_date, postcode, address)) as block
from remainder;

create or replace temp table near_block as
select
    detail,
    block
from (
    select
        rowid as detail,
        unnest(block_keys(family, former_family, given, birth_date, postcode, address)) as block
    from number_detail
    -- Nothing is left to place: nothing needs to stand beside it.
    where exists (select 1 from remainder)
)
where block in (select r.block from remainder_block as r);
