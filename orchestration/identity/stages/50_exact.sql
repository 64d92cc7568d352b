-- exact_pair: one row per record without a number and number that a named exact pass proposes, with any veto.
-- Initials are no first names, and a 1 January birth date needs both postcode and address beside it. Common names
-- without a home are left to the scores. A record for which PDS found several people is not for a machine to place.
create or replace temp table exact_pair as
with unplaced as (
    select
        r.*,
        d.refused_number,
        d.is_contested
    from clean_record as r
    inner join number_decision as d on r.person_record_key = d.person_record_key
    left join trace_outcome as o
        on r.person_record_key = o.person_record_key and o.answer_class = 'ambiguous' and not o.is_stale
    where d.number is null and o.person_record_key is null and r.birth_date is not null and length(r.given) > 1
),

proposed as (
    select
        u.person_record_key,
        d.rowid as detail,
        'exact_name_birth_postcode' as rule
    from unplaced as u
    inner join number_detail as d
        on u.family = d.family and u.given = d.given and u.birth_date = d.birth_date and u.postcode = d.postcode
    union all
    select
        u.person_record_key,
        d.rowid as detail,
        'exact_name_birth_address'
    from unplaced as u
    inner join number_detail as d
        on u.family = d.family and u.given = d.given and u.birth_date = d.birth_date and u.address = d.address
    union all
    select
        u.person_record_key,
        d.rowid as detail,
        'exact_name_birth_former_name'
    from unplaced as u
    inner join number_detail as d
        on u.family = d.former_family and u.given = d.given and u.birth_date = d.birth_date
    union all
    select
        u.person_record_key,
        d.rowid as detail,
        'exact_name_birth_former_name'
    from unplaced as u
    inner join number_detail as d
        on u.former_family = d.family and u.given = d.given and u.birth_date = d.birth_date
    union all
    select
        u.person_record_key,
        d.rowid as detail,
        'exact_swapped_name_birth_postcode'
    from unplaced as u
    inner join number_detail as d
        on u.family = d.given and u.given = d.family and u.birth_date = d.birth_date and u.postcode = d.postcode
    union all
    select
        u.person_record_key,
        d.rowid as detail,
        'exact_name_postcode_swapped_birth'
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
        d.rowid as detail,
        'exact_given_birth_postcode_gender'
    from unplaced as u
    inner join number_detail as d
        on u.given = d.given and u.birth_date = d.birth_date and u.postcode = d.postcode and u.gender = d.gender
    union all
    -- Only where one side knows no place: two different places are evidence against.
    select
        u.person_record_key,
        d.rowid as detail,
        'exact_name_birth'
    from unplaced as u
    inner join number_detail as d
        on u.family = d.family and u.given = d.given and u.birth_date = d.birth_date
    inner join number_fact as f on d.number = f.number
    where u.postcode is null or not f.has_postcode
),

judged as (
    select
        p.person_record_key,
        d.number,
        p.rule,
        r.pass,
        case
            when (p.person_record_key, d.number) in (select (q.person_record_key, q.number) from parted_number as q)
                then 'a reviewer has parted them'
            when u.is_contested then 'its own well-formed number may be its own'
            when
                birth_is_weak(u.birth_date)
                and not (coalesce(u.postcode = d.postcode, false) and coalesce(u.address = d.address, false))
                then 'a 1 January birth date without both postcode and address'
            when u.refused_number = d.number then 'the record failed the cross-check for this number'
            when compare_births(u.birth_date, f.birth_date) in ('contradict', 'generation')
                then 'birth dates agree in fewer than two parts'
            when u.gender <> f.gender then 'genders differ'
            when p.rule in ('exact_name_birth', 'exact_name_birth_former_name') and n.person_record_key is not null
                then 'others may share names and birth date by chance'
            when left(u.middle, 1) <> left(d.middle, 1) then 'middle names differ'
            when f.death_date < u.last_seen or u.deceased_date < f.last_seen then 'death before activity'
        end as veto
    from proposed as p
    inner join unplaced as u on p.person_record_key = u.person_record_key
    inner join number_detail as d on p.detail = d.rowid
    inner join number_fact as f on d.number = f.number
    inner join identity_rule as r on p.rule = r.rule
    left join namesake as n on u.person_record_key = n.person_record_key
)

-- The best pass that proposes the number without a veto; the veto of the best pass where all are vetoed.
select
    person_record_key,
    number,
    coalesce(min_by(rule, pass) filter (where veto is null), min_by(rule, pass)) as rule,
    coalesce(min(pass) filter (where veto is null), min(pass)) as pass,
    case when count(*) filter (where veto is null) = 0 then min_by(veto, (pass, veto)) end as veto
from judged
group by person_record_key, number;
