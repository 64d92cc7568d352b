-- scored_number: one row per record and number that Splink's scores propose, best first, with the weight of the next
-- best number. scored_link: the records that join a number so: the best number is good enough, and better than the next
-- by a margin. Weights are bits: with 10 bits a join is right in a thousand cases to one.
create or replace temp table scored_number as
with per_number as (
    select
        person_record_key,
        number,
        max(weight) as weight,
        -- The veto, or none, of the best of its details.
        arg_max_null(veto, (weight, veto is null, veto)) as veto,
        -- What one of the number's details forbids, all forbid.
        bool_or(coalesce(veto in (
            'the record failed the cross-check for this number', 'death before activity', 'a reviewer has parted them'
        ), false)) as is_forbidden,
        any_value(answer_class) as answer_class
    from weighed_pair
    where number is not null
    group by person_record_key, number
),

best as (
    select
        *,
        veto is not null or is_forbidden as is_vetoed
    from per_number
)

select
    *,
    row_number() over (partition by person_record_key order by is_vetoed asc, weight desc, number asc) as place,
    -- A number that is somebody else's for certain is no rival.
    lead(if(is_vetoed, null, weight)) over (
        partition by person_record_key order by is_vetoed asc, weight desc, number asc
    ) as next_weight
from best;

create or replace temp table scored_link as
select
    person_record_key,
    number,
    'scored_number' as rule,
    weight,
    weight - coalesce(next_weight, 0) as margin
from scored_number
where
    place = 1
    and not is_vetoed
    and weight >= getvariable('join_weight')
    and weight - coalesce(next_weight, 0) >= getvariable('join_margin')
    -- PDS itself could not part several people.
    and coalesce(answer_class, '') <> 'ambiguous';

-- Of two records that a reviewer has parted only one joins a number: the one an exact pass placed, or the lesser key.
delete from scored_link
where person_record_key in (
    with placed as (
        select person_record_key, number, 0 as is_scored from exact_link
        union all
        select person_record_key, number, 1 from scored_link
    ),

    told as (
        select person_record_key as one, other_record_key as other from parted_pair
        union
        select other_record_key, person_record_key from parted_pair
    )

    select b.person_record_key
    from told as t
    inner join placed as a on t.one = a.person_record_key
    inner join placed as b on t.other = b.person_record_key and a.number = b.number
    where (b.is_scored, b.person_record_key) > (a.is_scored, a.person_record_key)
);
