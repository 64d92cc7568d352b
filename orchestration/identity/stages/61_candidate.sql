-- comparable: one row per thing compared: a record that no number and no exact pass has placed, or details held under a
-- number that share a block with one. candidate_pair: one row per pair of them worth a score.
-- A pair must share a block; a block of more than 100 things is dropped, for what so many share parts nobody.
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
