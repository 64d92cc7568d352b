-- weighed_pair: one row per scored pair with the veto, if any, that forbids the join whatever the score.
-- The two things of a pair are a record to place (a) and what it is compared with (b).
create or replace temp table weighed_pair as
with pair as (
    select
        if(l.number is null, s.left_id, s.right_id) as a_id,
        if(l.number is null, s.right_id, s.left_id) as b_id,
        s.weight
    from scored_pair as s
    inner join comparable as l on s.left_id = l.unique_id
),

compared as (
    select
        p.weight,
        a.person_record_key,
        b.person_record_key as other_record_key,
        b.number,
        d.refused_number,
        d.is_contested,
        compare_births(a.birth_date, b.birth_date) as births,
        compare_births(a.birth_date, f.birth_date) as births_of_number,
        -- A slip in a nickname, or its initial, is no clearly different name.
        if(
            compare_first_names(a.given, a.given_forms, b.given, b.given_forms) = 'different'
            and (
                is_form_or_slip(a.given, everyday_forms(b.given_forms))
                or is_form_or_slip(b.given, everyday_forms(a.given_forms))
            ),
            'close', compare_first_names(a.given, a.given_forms, b.given, b.given_forms)
        ) as first_names,
        coalesce(
            jaro_winkler_similarity(a.given, b.family) >= 0.9 and jaro_winkler_similarity(a.family, b.given) >= 0.9,
            false
        ) as swapped,
        families_equal(a.family, a.former_family, b.family, b.former_family) as families,
        birth_is_weak(a.birth_date) and birth_is_weak(b.birth_date)
        and not (coalesce(a.postcode = b.postcode, false) and coalesce(a.address = b.address, false)) as weak_births,
        coalesce(a.postcode = b.postcode, false) or coalesce(a.address = b.address, false) as place,
        coalesce(a.gender <> b.gender or a.gender <> f.gender, false) as genders_differ,
        coalesce(left(a.middle, 1) <> left(b.middle, 1), false) as middles_differ,
        -- Two names that many people bear are two names, however alike they look: Joan and Jean. A slip of the pen
        -- that many make is rare beside the name it was meant to be.
        coalesce(
            length(a.given) > 1 and length(b.given) > 1
            and least(ta.records, tb.records) >= 5
            and least(ta.records, tb.records) >= 0.02 * greatest(ta.records, tb.records),
            false
        )
        or (fa.name is not null and fb.name is not null) as both_in_use,
        coalesce(f.death_date < ra.last_seen or ra.deceased_date < f.last_seen, false)
        or coalesce(rb.deceased_date < ra.last_seen or ra.deceased_date < rb.last_seen, false) as dead_before,
        q.person_record_key is not null or pp.person_record_key is not null as is_parted,
        o.answer_class as answer_class
    from pair as p
    inner join comparable as a on p.a_id = a.unique_id
    inner join comparable as b on p.b_id = b.unique_id
    inner join number_decision as d on a.person_record_key = d.person_record_key
    inner join clean_record as ra on a.person_record_key = ra.person_record_key
    left join clean_record as rb on b.person_record_key = rb.person_record_key
    left join number_fact as f on b.number = f.number
    left join term_given as ta on a.given = ta.given
    left join term_given as tb on b.given = tb.given
    left join first_name_form as fa on a.given = fa.name
    left join first_name_form as fb on b.given = fb.name
    left join parted_number as q on a.person_record_key = q.person_record_key and b.number = q.number
    left join (
        select person_record_key, other_record_key from parted_pair
        union
        select other_record_key, person_record_key from parted_pair
    ) as pp on a.person_record_key = pp.person_record_key and b.person_record_key = pp.other_record_key
    left join trace_outcome as o on a.person_record_key = o.person_record_key and not o.is_stale
)

select
    person_record_key,
    other_record_key,
    number,
    weight,
    case
        when is_parted then 'a reviewer has parted them'
        -- Two numbers that both may hold never meet.
        when is_contested and number is not null then 'its own well-formed number may be its own'
        when refused_number = number then 'the record failed the cross-check for this number'
        -- Rules about twins, partners and 1 Januaries are for people told by names, birth date and home alone.
        when not getvariable('is_person_shaped') then null
        when births in ('contradict', 'generation') or births_of_number = 'generation'
            then 'birth dates agree in fewer than two parts'
        when births = 'same_year' and not (place and families and first_names in ('same', 'close'))
            then 'a 1 January birth date without names and place'
        when weak_births then 'a 1 January birth date without both postcode and address'
        when births = 'unknown' and not (place and families and first_names = 'same')
            then 'no birth date to compare, and not both names and place'
        when first_names = 'different' and not swapped then 'clearly different first names'
        when first_names = 'close' and both_in_use and not swapped then 'two first names in common use'
        when genders_differ and not (births = 'equal' and first_names = 'same' and families and place)
            then 'genders differ'
        when middles_differ then 'middle names differ'
        when dead_before then 'death before activity'
    end as veto,
    answer_class
from compared;
