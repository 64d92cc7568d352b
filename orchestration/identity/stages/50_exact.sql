-- exact_pair: one row per record without a number and number that a named exact pass proposes, with any veto.
-- Initials are no first names, and a 1 January birth date needs both postcode and address beside it. A record for which
-- PDS found several people is not for a machine to place.
create or replace temp table exact_pair as
with unplaced as (
    select
        r.*,
        d.refused_number
    from clean_record as r
    inner join number_decision as d on r.person_record_key = d.person_record_key
    left join trace_outcome as o
        on r.person_record_key = o.person_record_key and o.answer_class = 'ambiguous' and not o.is_stale
    where
        d.number is null and o.person_record_key is null
        and r.birth_date is not null and length(r.given) > 1
),

proposed as (
    select
        u.person_record_key,
        d.number,
        'exact_name_birth_postcode' as rule,
        d.middle,
        d.address,
        d.postcode
    from unplaced as u
    inner join number_detail as d
        on u.family = d.family and u.given = d.given and u.birth_date = d.birth_date and u.postcode = d.postcode
    union all
    select
        u.person_record_key,
        d.number,
        'exact_name_birth_address',
        d.middle,
        d.address,
        d.postcode
    from unplaced as u
    inner join number_detail as d
        on u.family = d.family and u.given = d.given and u.birth_date = d.birth_date and u.address = d.address
    union all
    select
        u.person_record_key,
        d.number,
        'exact_name_birth_former_name',
        d.middle,
        d.address,
        d.postcode
    from unplaced as u
    inner join number_detail as d
        on u.family = d.former_family and u.given = d.given and u.birth_date = d.birth_date
    union all
    select
        u.person_record_key,
        d.number,
        'exact_name_birth_former_name',
        d.middle,
        d.address,
        d.postcode
    from unplaced as u
    inner join number_detail as d
        on u.former_family = d.family and u.given = d.given and u.birth_date = d.birth_date
    union all
    select
        u.person_record_key,
        d.number,
        'exact_swapped_name_birth_postcode',
        d.middle,
        d.address,
        d.postcode
    from unplaced as u
    inner join number_detail as d
        on u.family = d.given and u.given = d.family and u.birth_date = d.birth_date and u.postcode = d.postcode
    union all
    select
        u.person_record_key,
        d.number,
        'exact_name_postcode_swapped_birth',
        d.middle,
        d.address,
        d.postcode
    from unplaced as u
    inner join number_detail as d
        on
            u.family = d.family and u.given = d.given and u.postcode = d.postcode
            and year(u.birth_date) = year(d.birth_date)
            and month(u.birth_date) = day(d.birth_date) and day(u.birth_date) = month(d.birth_date)
            and u.birth_date <> d.birth_date
    union all
    select
        u.person_record_key,
        d.number,
        'exact_given_birth_postcode_gender',
        d.middle,
        d.address,
        d.postcode
    from unplaced as u
    inner join number_detail as d
        on u.given = d.given and u.birth_date = d.birth_date and u.postcode = d.postcode and u.gender = d.gender
    union all
    -- Only where one side knows no place: two different places are evidence against.
    select
        u.person_record_key,
        d.number,
        'exact_name_birth',
        d.middle,
        d.address,
        d.postcode
    from unplaced as u
    inner join number_detail as d
        on u.family = d.family and u.given = d.given and u.birth_date = d.birth_date
    inner join number_fact as f on d.number = f.number
    where u.postcode is null or not f.has_postcode
),

judged as (
    select
        p.person_record_key,
        p.number,
        p.rule,
        r.pass,
        case
            when
                birth_is_weak(u.birth_date)
                and not (coalesce(u.postcode = p.postcode, false) and coalesce(u.address = p.address, false))
                then 'a 1 January birth date without both postcode and address'
            when u.refused_number = p.number then 'the record failed the cross-check for this number'
            when
                compare_births(u.birth_date, f.birth_date) in ('contradict', 'generation')
                then 'birth dates agree in fewer than two parts'
            when u.gender <> f.gender then 'genders differ'
            when left(u.middle, 1) <> left(p.middle, 1) then 'middle names differ'
            when f.death_date < u.last_seen or u.deceased_date < f.last_seen then 'death before activity'
        end as veto
    from proposed as p
    inner join unplaced as u on p.person_record_key = u.person_record_key
    inner join number_fact as f on p.number = f.number
    inner join identity_rule as r on p.rule = r.rule
)

-- The best pass that proposes the number; a number that one set of details vetoes for good is vetoed.
select
    person_record_key,
    number,
    coalesce(min_by(rule, pass) filter (where veto is null), min_by(rule, pass)) as rule,
    coalesce(min(pass) filter (where veto is null), min(pass)) as pass,
    case when count(*) filter (where veto is null) = 0 then min_by(veto, (pass, veto)) end as veto
from judged
group by person_record_key, number;
