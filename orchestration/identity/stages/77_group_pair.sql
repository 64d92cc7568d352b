-- group_pair: one row per pair of records without a number that equal details or a score put together or keep apart.
-- A strict group's records are as sure as its equal values; its veto, and the veto of a score, part.
create or replace temp table group_pair as
with unplaced as (
    select
        r.person_record_key,
        row_number() over (order by r.person_record_key) as place,
        if(d.is_contested, d.refused_number, null) as contested_number
    from clean_record as r
    inner join number_decision as d on r.person_record_key = d.person_record_key
    left join exact_link as x on r.person_record_key = x.person_record_key
    left join scored_link as s on r.person_record_key = s.person_record_key
    where d.number is null and x.person_record_key is null and s.person_record_key is null
),

told as (
    select
        person_record_key,
        least_record_key as other_record_key,
        getvariable('certain_weight') as weight,
        veto is not null as is_parted
    from demographic_group
    where person_record_key <> least_record_key
    union all
    select
        person_record_key,
        other_record_key,
        weight,
        veto is not null
    from weighed_pair
    where other_record_key is not null
    union all
    select
        person_record_key,
        other_record_key,
        0,
        true
    from parted_pair
)

select
    least(a.place, b.place) as record_a,
    greatest(a.place, b.place) as record_b,
    max(t.weight) as weight,
    bool_or(t.is_parted) as is_parted,
    min(least(a.person_record_key, b.person_record_key)) as key_a,
    max(greatest(a.person_record_key, b.person_record_key)) as key_b,
    any_value(if(a.place < b.place, a.contested_number, b.contested_number)) as number_a,
    any_value(if(a.place < b.place, b.contested_number, a.contested_number)) as number_b
from told as t
inner join unplaced as a on t.person_record_key = a.person_record_key
inner join unplaced as b on t.other_record_key = b.person_record_key
group by record_a, record_b;
