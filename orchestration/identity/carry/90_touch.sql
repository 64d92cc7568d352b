-- touch: one row per record and thing on which its decision rests, beside the number it was given, as a token.
-- carried: another number it carries, asks about or is answered with. compared: a number or a record that it was put
-- side by side with. Only keyed hashes of numbers, so that whoever reads the file can try none out.
create or replace temp table touch as
with replaced as (
    select
        trim(unique_reference) as person_record_key,
        clean_number(req_nhs_number) as asked_number,
        clean_number(matched_nhs_no) as answered_number
    from trace_response
    where trim(error_success_code) = '90'
),

written as (
    select
        l.person_record_key,
        l.number as own_number,
        l.stage,
        unnest([r.claimed_number, o.asked_number, o.answered_number, o.traced_number]) as number
    from person_link as l
    inner join clean_record as r on l.person_record_key = r.person_record_key
    left join trace_outcome as o on l.person_record_key = o.person_record_key
    where
        l.number is null or l.stage not in ('trace', 'cross_check')
        or r.claimed_number <> l.number or o.asked_number <> l.number
        or o.answered_number <> l.number or o.traced_number <> l.number
),

carried as (
    select
        person_record_key,
        number
    from written
    where number is distinct from own_number or stage not in ('trace', 'cross_check')
    union
    select
        person_record_key,
        unnest([asked_number, answered_number]) as number
    from replaced
),

put_beside as (
    select
        a.person_record_key,
        b.number,
        b.person_record_key as other_record_key
    from candidate_pair as p
    inner join comparable as a on p.join_key_l = a.unique_id
    inner join comparable as b on p.join_key_r = b.unique_id
    where a.person_record_key is not null
    union all
    select
        b.person_record_key,
        a.number,
        a.person_record_key as other_record_key
    from candidate_pair as p
    inner join comparable as a on p.join_key_l = a.unique_id
    inner join comparable as b on p.join_key_r = b.unique_id
    where b.person_record_key is not null
    union all
    select
        person_record_key,
        number,
        null as other_record_key
    from exact_pair
),

number_token as (
    select
        number,
        hash(keyed('number:' || number)) as token
    from (
        select number from carried
        union
        select number from put_beside
    ) as n
    where number is not null
)

select distinct
    c.person_record_key,
    'carried' as kind,
    t.token
from carried as c
inner join number_shape as s on c.number = s.number and s.number_state = 'valid'
inner join number_token as t on c.number = t.number
union all
select distinct
    b.person_record_key,
    'compared' as kind,
    coalesce(t.token, hash('record', b.other_record_key)) as token
from put_beside as b
left join number_token as t on b.number = t.number;
