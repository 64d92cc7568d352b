-- comparable: one row per thing compared: a record that no number and no exact pass has placed, or details held under a
-- number that share a block with one. candidate_pair: one row per pair of them worth a score.
-- A pair must share a block; a block of more than 100 things is dropped, for what so many share parts nobody.
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

create or replace temp table comparable as
with told as (
    select
        person_record_key,
        null::bigint as detail,
        null::varchar as number,
        family,
        former_family,
        given,
        given_forms,
        middle,
        birth_date,
        gender,
        postcode,
        address
    from remainder
    union all
    select
        null,
        d.rowid,
        d.number,
        d.family,
        d.former_family,
        d.given,
        case when d.given is not null then list_distinct(list_concat([d.given], coalesce(f.full_names, []))) end,
        d.middle,
        d.birth_date,
        d.gender,
        d.postcode,
        d.address
    from number_detail as d
    left join first_name_form as f on d.given = f.name
    where d.rowid in (select n.detail from near_block as n)
)

select
    -- A number that does not depend on the order of the input.
    row_number() over (
        order by
            person_record_key asc nulls last, number asc nulls last, family asc nulls last, given asc nulls last,
            birth_date asc nulls last, postcode asc nulls last, address asc nulls last, gender asc nulls last,
            middle asc nulls last, former_family asc nulls last
    ) as unique_id,
    *
from told;

create or replace temp table candidate_pair as
with block as (
    select distinct
        c.unique_id,
        true as is_record,
        b.block
    from remainder_block as b
    inner join comparable as c on b.person_record_key = c.person_record_key
    union all
    select distinct
        c.unique_id,
        false,
        b.block
    from near_block as b
    inner join comparable as c on b.detail = c.detail
),

sought as (
    select block
    from block
    group by block
    having count(*) between 2 and 100
),

chosen as (
    select b.*
    from block as b
    inner join sought as s on b.block = s.block
)

select
    '0' as match_key,
    least(a.unique_id, b.unique_id) as join_key_l,
    greatest(a.unique_id, b.unique_id) as join_key_r
from chosen as a
inner join chosen as b on a.block = b.block and a.unique_id <> b.unique_id
where a.is_record and (not b.is_record or a.unique_id < b.unique_id)
group by join_key_l, join_key_r;
