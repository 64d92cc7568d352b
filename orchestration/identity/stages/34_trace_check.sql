-- traced_number: one row per record whose trace answer gives a number: is that number taken?
-- A number the record carried needs the cross-check. A number PDS found by likeness has no support from the record
-- itself, so its details must agree in the birth date and may not differ clearly in first name or in gender.
-- PDS finds one person by names and birth date without looking at the home. Where the record's person is not in PDS
-- under these details, that is somebody of the same names: the likelier, the more people share them. So such an answer
-- has a weight in bits, as a score has, and needs as many to be taken.
create or replace temp table traced_number as
with compared as (
    select
        t.person_record_key,
        t.traced_number as number,
        t.code,
        t.algorithm,
        t.as_at,
        coalesce(t.asked_number = t.answered_number or t.code = '90' or r.claimed_number = t.answered_number, false)
            as is_by_number,
        t.birth_date is null and t.given is null as has_no_details,
        compare_births(r.birth_date, t.birth_date) as births,
        weigh_first_names(
            compare_first_names(r.given, r.given_forms, t.given, t.given_forms),
            r.given, r.given_forms, r.middle, t.given, t.given_forms, t.middle
        ) as first_names,
        families_equal(r.family, r.former_family, t.family, null) as families,
        names_swapped(r.family, r.given, t.family, t.given) as swapped,
        same_household(r.postcode, r.address, t.postcode, null) as household,
        compare_genders(r.gender, t.gender) as genders,
        -log2(namesakes(r.given, f.others, g.others, b.others))
        -- PDS does not know one person in 32 under these details; a right answer shows quite another home in one of 32.
        + if(damerau_levenshtein(r.postcode, t.postcode) > 1, 0, 5)
        -- Most who have a number carry it; beside a right answer one in five hundred carries another well-formed one.
        - if(r.claimed_number <> t.traced_number and own.number_state = 'valid', 9, 0) as weight
    from trace_outcome as t
    inner join clean_record as r on t.person_record_key = r.person_record_key
    left join number_shape as own on r.claimed_number = own.number
    left join term_family as f on r.family = f.family
    left join term_given as g on r.given = g.given
    left join term_birth as b on year(r.birth_date) = b.birth_year and birth_is_weak(r.birth_date) = b.is_weak
    where t.is_usable_match and not t.is_stale
),

judged as (
    select
        *,
        cross_check(births, first_names, families, swapped, household, genders) as outcome,
        case
            when births in ('contradict', 'generation') then 'birth dates contradict'
            when first_names in ('different', 'two_names') and not swapped then 'first names clearly differ'
            when genders = 'different' then 'genders differ'
        end as contradiction,
        -- Its own scores look at the home.
        not is_by_number and not household and coalesce(algorithm, '') <> '4'
        and weight < getvariable('join_weight') as is_weak
    from compared
)

select
    person_record_key,
    number,
    as_at,
    is_by_number,
    case
        when code = '90' then 'trace_replaced'
        when algorithm = '1' then 'trace_cross_check'
        when algorithm = '2' then 'trace_simple'
        when algorithm = '3' then 'trace_alphanumeric'
        else 'trace_algorithmic'
    end as rule,
    outcome,
    case
        when is_weak then false
        when has_no_details then is_by_number or coalesce(algorithm in ('1', '2', '3'), false)
        when is_by_number then cross_check_holds(outcome)
        else cross_check_holds(outcome) and contradiction is null
    end as is_accepted,
    case
        when not is_by_number and cross_check_holds(outcome) and contradiction is not null then contradiction
        when is_weak and (has_no_details or cross_check_holds(outcome))
            then printf('others may share names and birth date by chance: weight %.1f bits', weight)
        when has_no_details then 'the answer holds no details to compare'
        else cross_check_words(outcome)
    end as agreement,
    is_weak and contradiction is null and (has_no_details or cross_check_holds(outcome)) as is_weak
from judged;
