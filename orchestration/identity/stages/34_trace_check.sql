-- traced_number: one row per record whose trace answer gives a number: is that number taken?
-- A number the record carried needs the cross-check. A number PDS found by likeness has no support from the record
-- itself, so its details must agree in the birth date and may not differ clearly in first name or in gender.
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
        compare_first_names(r.given, r.given_forms, t.given, t.given_forms) as first_names,
        families_equal(r.family, r.former_family, t.family, null) as families,
        names_swapped(r.family, r.given, t.family, t.given) as swapped,
        same_household(r.postcode, r.address, t.postcode, null) as household,
        coalesce(r.gender <> t.gender, false) as genders_differ
    from trace_outcome as t
    inner join clean_record as r on t.person_record_key = r.person_record_key
    where t.is_usable_match and not t.is_stale
),

-- People of one birth date and family name: where the first name on the record is borne by another of them, who has
-- another number, the record is a twin's. No likeness of dates and home can tell twins apart.
namesake as (
    select
        r.birth_date,
        r.family,
        r.given,
        list(distinct n.number) as numbers
    from clean_record as r
    inner join (
        select
            person_record_key,
            claimed_number as number
        from clean_record
        union
        select
            person_record_key,
            traced_number
        from trace_outcome
    ) as n on r.person_record_key = n.person_record_key
    inner join number_shape as shape on n.number = shape.number and shape.number_state = 'valid'
    group by r.birth_date, r.family, r.given
),

judged as (
    select
        c.*,
        cross_check(births, first_names, families, swapped, household) as plain_outcome,
        -- A clearly other first name is a slip or an everyday name nobody lists, unless somebody bears it.
        if(
            plain_outcome = 'first_names_differ' and is_by_number and births = 'equal' and families
            and not genders_differ and len(list_filter(coalesce(s.numbers, []), lambda other: other <> c.number)) = 0,
            'birth_date', plain_outcome
        ) as outcome,
        case
            when births in ('contradict', 'generation') then 'birth dates contradict'
            when first_names = 'different' and not swapped then 'first names clearly differ'
            when genders_differ then 'genders differ'
        end as contradiction
    from compared as c
    inner join clean_record as own on c.person_record_key = own.person_record_key
    left join namesake as s
        on own.birth_date = s.birth_date and own.family = s.family and own.given = s.given
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
        when has_no_details then is_by_number or coalesce(algorithm in ('1', '2', '3'), false)
        when is_by_number then cross_check_holds(outcome)
        else cross_check_holds(outcome) and contradiction is null
    end as is_accepted,
    case
        when has_no_details then 'the answer holds no details to compare'
        when not is_by_number and cross_check_holds(outcome) and contradiction is not null then contradiction
        else cross_check_words(outcome)
    end as agreement
from judged;
