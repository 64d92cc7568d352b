-- candidate_pair: one row per pair worth a score: a record that no number and no exact pass has placed, beside details
-- held under a number or beside another such record. comparable: one row per thing compared, a record or a detail.
-- A pair must share a block; a block of more than 100 things is dropped, for what so many share parts nobody.
-- Records for which PDS found several people, or none though it was asked by name, are compared like any other.
create or replace temp table comparable as
with remainder as (
    select r.*
    from clean_record as r
    inner join number_decision as d on r.person_record_key = d.person_record_key
    left join exact_link as x on r.person_record_key = x.person_record_key
    where
        d.number is null and x.person_record_key is null
        and (r.birth_date is not null or r.postcode is not null or r.address is not null)
        and (r.family is not null or r.given is not null)
),

told as (
    select
        person_record_key,
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
    -- Nothing is left to place: nothing needs to stand beside it.
    where exists (select 1 from remainder)
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
    select
        unique_id,
        number is null as is_record,
        hash(block.kind, block.value) as block
    from (
        select
            unique_id,
            number,
            unnest([
                struct_pack(kind := 'birth family', value := birth_date || ' ' || family),
                struct_pack(kind := 'birth family', value := birth_date || ' ' || former_family),
                struct_pack(kind := 'birth given', value := birth_date || ' ' || given),
                struct_pack(kind := 'birth place', value := birth_date || ' ' || postcode),
                struct_pack(kind := 'birth home', value := birth_date || ' ' || address),
                struct_pack(kind := 'name place', value := family || ' ' || given || ' ' || postcode),
                struct_pack(kind := 'name home', value := family || ' ' || given || ' ' || address),
                struct_pack(kind := 'given home', value := left(given, 3) || ' ' || address || ' ' || postcode),
                struct_pack(kind := 'family home', value := family || ' ' || address || ' ' || postcode),
                struct_pack(kind := 'name month', value := family || ' ' || given || ' ' || left(birth_date::varchar, 7)),
                struct_pack(kind := 'name day', value := family || ' ' || given || ' ' || right(birth_date::varchar, 5)),
                struct_pack(
                    kind := 'name turned',
                    value := least(family, given) || ' ' || greatest(family, given) || ' ' || year(birth_date)
                    || ' ' || least(month(birth_date), day(birth_date)) || ' '
                    || greatest(month(birth_date), day(birth_date))
                )
            ]) as block
        from comparable
    )
    where block.value is not null
),

-- Only blocks that hold a record to place.
sought as (
    select block
    from block
    where block in (select b.block from block as b where b.is_record)
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
