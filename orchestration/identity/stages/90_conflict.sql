-- conflict: one row per person and field on which the person's records (or the rows behind one record) differ.
-- Values stand in this table only, which never leaves the restricted folder.
create or replace temp table conflict as
with own as (
    select
        l.person_key,
        l.person_record_key,
        r.birth_date,
        r.gender,
        r.deceased_date,
        r.claimed_number
    from person_link as l
    inner join clean_record as r on l.person_record_key = r.person_record_key
),

traced as (
    select
        l.person_key,
        l.person_record_key,
        o.birth_date,
        o.death_date
    from person_link as l
    inner join trace_outcome as o on l.person_record_key = o.person_record_key
    where l.is_verified
),

variant as (
    select
        l.person_key,
        v.person_record_key,
        v.field,
        if(v.field = 'nhs_number', clean_number(v.value), v.value) as value
    from person_record_variant as v
    inner join person_link as l on v.person_record_key = l.person_record_key
),

-- Most people's records agree in everything; only the others are looked at value by value.
doubtful as (
    select person_key
    from own
    group by person_key
    having
        min(birth_date) <> max(birth_date) or min(gender) <> max(gender)
        or min(deceased_date) <> max(deceased_date) or min(claimed_number) <> max(claimed_number)
    union
    select t.person_key
    from traced as t
    inner join own as o on t.person_key = o.person_key
    where t.birth_date <> o.birth_date or t.death_date <> o.deceased_date
    union
    select person_key from traced
    group by person_key
    having min(birth_date) <> max(birth_date) or min(death_date) <> max(death_date)
    union
    select person_key from variant
),

said as (
    select
        o.person_key,
        o.person_record_key,
        unnest(['date_of_birth', 'gender', 'deceased_date', 'nhs_number']) as field,
        unnest([o.birth_date::varchar, o.gender, o.deceased_date::varchar, o.claimed_number]) as value
    from own as o
    where o.person_key in (select d.person_key from doubtful as d)
    union
    select
        t.person_key,
        t.person_record_key,
        unnest(['date_of_birth', 'deceased_date']),
        unnest([t.birth_date::varchar, t.death_date::varchar])
    from traced as t
    where t.person_key in (select d.person_key from doubtful as d)
    union
    select
        person_key,
        person_record_key,
        field,
        value
    from variant
),

per_value as (
    select
        person_key,
        field,
        value,
        count(distinct person_record_key) as records
    from said
    where value is not null
    group by person_key, field, value
)

select
    person_key,
    field,
    count(*)::bigint as different_values,
    string_agg(
        concat(value, ' (', records, if(records = 1, ' record)', ' records)')), ' | ' order by records desc, value
    )
        as values_seen
from per_value
group by person_key, field
having count(*) > 1;
