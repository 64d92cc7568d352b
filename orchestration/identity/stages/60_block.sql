-- remainder: one row per record that no number and no exact pass has placed. near_block: one row per block that holds one
-- and anything else. Records are compared only within a block; one of more than 100 things parts nobody and is dropped.
create or replace temp macro block_keys(family, former, given, birth, postcode, address) as
list_filter([
    if(birth is null or family is null, null, hash('birth family', birth, family)),
    if(birth is null or former is null, null, hash('birth family', birth, former)),
    if(birth is null or given is null, null, hash('birth given', birth, given)),
    if(birth is null or postcode is null, null, hash('birth place', birth, postcode)),
    if(birth is null or address is null, null, hash('birth home', birth, address)),
    if(family is null or given is null or postcode is null, null, hash('name place', family, given, postcode)),
    if(family is null or given is null or address is null, null, hash('name home', family, given, address)),
    if(
        given is null or address is null or postcode is null, null,
        hash('given home', left(given, 3), address, postcode)
    ),
    if(
        family is null or address is null or postcode is null, null,
        hash('family home', family, address, postcode)
    ),
    if(
        family is null or given is null or birth is null, null,
        hash('name month', family, given, year(birth), month(birth))
    ),
    if(
        family is null or given is null or birth is null, null,
        hash('name day', family, given, month(birth), day(birth))
    ),
    if(
        family is null or given is null or birth is null, null,
        hash(
            'name turned', least(family, given), greatest(family, given), year(birth),
            least(month(birth), day(birth)), greatest(month(birth), day(birth))
        )
    )
], lambda block: block is not null);

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
