-- demographic_group: one row per record that joins other records without a number, with the least key of its group.
-- Only the strictest comparison: both names, birth date and a place, all equal. Records without a postcode join by
-- address, and only where that names one group; a group with a contradiction inside is no group.
create or replace temp table demographic_group as
with loose as (
    select r.*
    from clean_record as r
    inner join number_decision as d on r.person_record_key = d.person_record_key
    left join exact_link as x on r.person_record_key = x.person_record_key
    left join scored_link as s on r.person_record_key = s.person_record_key
    where
        d.number is null and x.person_record_key is null and s.person_record_key is null
        and r.family is not null and length(r.given) > 1 and r.birth_date is not null
        and (not birth_is_weak(r.birth_date) or (r.postcode is not null and r.address is not null))
),

-- A weak birth date needs the address as well as the postcode.
placed as (
    select
        *,
        case when birth_is_weak(birth_date) then postcode || ' ' || address else postcode end as place
    from loose
),

at_address as (
    select
        family,
        given,
        birth_date,
        address,
        min(place) as place,
        count(distinct place) as places
    from placed
    where address is not null
    group by family, given, birth_date, address
),

keyed as (
    select
        p.*,
        case
            when p.place is not null then 'P ' || p.place
            when a.places = 1 then 'P ' || a.place
            when a.places = 0 then 'A ' || p.address
        end as group_place
    from placed as p
    left join at_address as a
        on p.family = a.family and p.given = a.given and p.birth_date = a.birth_date and p.address = a.address
),

grouped as (
    select
        family,
        given,
        birth_date,
        group_place,
        min(person_record_key) as least_record_key,
        count(*) as records,
        count(distinct gender) as genders,
        count(distinct left(middle, 1)) as middle_initials,
        min(deceased_date) as death_date,
        max(last_seen) as last_seen
    from keyed
    where group_place is not null
    group by family, given, birth_date, group_place
)

select
    k.person_record_key,
    g.least_record_key,
    if(k.place is not null, 'group_name_birth_postcode', 'group_name_birth_address') as rule,
    case
        when g.genders > 1 then 'genders differ'
        when g.middle_initials > 1 then 'middle names differ'
        when g.death_date < g.last_seen then 'death before activity'
    end as veto
from keyed as k
inner join grouped as g
    on k.family = g.family and k.given = g.given and k.birth_date = g.birth_date and k.group_place = g.group_place
where g.records > 1;
